// Mistral's own SDK, for matrix.mjs.
import { Mistral } from '@mistralai/mistralai';

const properties = { city: { type: 'string' } };
const schema = { type: 'object', properties, required: ['city'], additionalProperties: false };
const jsonSchema = { name: 'place', strict: true, schemaDefinition: schema };

export function mistral(serverURL, apiKey) {
  const { chat } = new Mistral({ serverURL, apiKey, timeoutMs: 20_000, retryConfig: { strategy: 'none' } });
  const user = (content) => ({ role: 'user', content });

  async function ask(stream, request, signal) {
    const options = { fetchOptions: { signal } };
    if (!stream) {
      const { choices, usage } = await chat.complete(request, options);
      return { ...choices[0], usage };
    }
    const message = { role: 'assistant', content: '', toolCalls: [] };
    let finishReason;
    let usage;
    for await (const { data } of await chat.stream(request, options)) {
      const choice = data.choices[0];
      message.content += choice?.delta.content ?? '';
      for (const call of choice?.delta.toolCalls ?? []) {
        const known = message.toolCalls[call.index];
        if (known) known.function.arguments += call.function.arguments;
        else message.toolCalls[call.index] = call;
      }
      finishReason = choice?.finishReason ?? finishReason;
      usage = data.usage ?? usage;
    }
    return { message, finishReason, usage };
  }

  return {
    name: '@mistralai/mistralai',
    stop: 'stop',
    status: (error) => error.statusCode,
    kinds: ({ body }) => [JSON.parse(body).error.code, JSON.parse(body).error.type],
    retryAfter: (error) => error.headers.get('retry-after'),
    // Mistral sends a stream's usage unasked, and each call in one piece.
    faults(of, stream, provider) {
      if (of === 'text' && stream) return { why: 'It gets no usage.', shows: /\+ +undefined/ };
      const pieces = /tools|calls/.test(of) && stream && provider !== 'xai';
      if (pieces) return { why: 'It refuses a piece of a call.', shows: /invalid_type/ };
    },
    async text(model, said, stream, signal) {
      const messages = [{ role: 'system', content: 'Be brief.' }, user(said)];
      const { message, finishReason: finish, usage } = await ask(stream, { model, messages }, signal);
      return { text: message.content, finish, input: usage?.promptTokens, output: usage?.completionTokens };
    },
    async tools(model, said, names, run, stream) {
      const tools = names.map((name) => ({ type: 'function', function: { name, parameters: schema } }));
      const { message } = await ask(stream, { model, messages: [user(said)], tools });
      const read = ({ function: { name, arguments: args } }) => ({ name, args: JSON.parse(args) });
      const calls = message.toolCalls.map(read);
      const result = ({ id }, i) => ({ role: 'tool', toolCallId: id, content: run(calls[i].args) });
      const told = message.toolCalls.map(result);
      const answer = await ask(stream, { model, messages: [user(said), message, ...told.reverse()], tools });
      return { calls, answer: answer.message.content };
    },
    async picture(model, said, data, stream) {
      const image = { type: 'image_url', imageUrl: `data:image/png;base64,${data}` };
      const messages = [user([{ type: 'text', text: said }, image])];
      return (await ask(stream, { model, messages })).message.content;
    },
    async shaped(model, said, stream) {
      const responseFormat = { type: 'json_schema', jsonSchema };
      return JSON.parse((await ask(stream, { model, messages: [user(said)], responseFormat })).message.content);
    },
  };
}
