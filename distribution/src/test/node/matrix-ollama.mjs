// The official Ollama SDK, for matrix.mjs.
import { Ollama } from 'ollama';

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

export function ollama(gateway, key) {
  const client = new Ollama({ host: gateway, headers: { authorization: `Bearer ${key}` } });

  async function ask(stream, request, signal) {
    if (!stream) return client.chat(request);
    const parts = await client.chat({ ...request, stream: true });
    signal?.addEventListener('abort', () => parts.abort());
    if (signal?.aborted) parts.abort();
    let content = '';
    let tool_calls;
    let last;
    for await (const part of parts) {
      content += part.message.content;
      tool_calls = part.message.tool_calls ?? tool_calls;
      last = part;
    }
    return { ...last, message: { role: 'assistant', content, tool_calls } };
  }

  return {
    name: 'ollama',
    stop: 'stop',
    status: (error) => error.status_code,
    lacks: (of, stream) => of === 'leaves' && !stream && 'Only streams can be aborted.',
    async text(model, said, stream, signal) {
      const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: said }];
      const answer = await ask(stream, { model, messages }, signal);
      const { message, done_reason: finish, prompt_eval_count: input, eval_count: output } = answer;
      return { text: message.content, finish, input, output };
    },
    async tools(model, said, names, run, stream) {
      const tools = names.map((name) => ({ type: 'function', function: { name, parameters: schema } }));
      const asked = { role: 'user', content: said };
      const { message } = await ask(stream, { model, messages: [asked], tools });
      const calls = message.tool_calls.map((call) => ({ name: call.function.name, args: call.function.arguments }));
      const told = calls.map(({ name, args }) => ({ role: 'tool', tool_name: name, content: run(args) }));
      const answer = await ask(stream, { model, messages: [asked, message, ...told.reverse()], tools });
      return { calls, answer: answer.message.content };
    },
    async picture(model, said, data, stream) {
      const messages = [{ role: 'user', content: said, images: [data] }];
      return (await ask(stream, { model, messages })).message.content;
    },
    async shaped(model, said, stream) {
      const messages = [{ role: 'user', content: said }];
      return JSON.parse((await ask(stream, { model, messages, format: schema })).message.content);
    },
  };
}
