// LangChain with its OpenAI model, for matrix.mjs.
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

const city = z.object({ city: z.string() });

export function langchain(gateway, apiKey) {
  const chat = (model) =>
    new ChatOpenAI({ model, apiKey, maxRetries: 0, timeout: 20_000, configuration: { baseURL: `${gateway}/v1` } });

  async function ask(stream, model, messages, options) {
    if (!stream) return model.invoke(messages, options);
    let whole;
    for await (const chunk of await model.stream(messages, options)) whole = whole ? whole.concat(chunk) : chunk;
    return whole;
  }

  return {
    name: '@langchain/openai',
    stop: 'stop',
    status: (error) => error.status,
    kinds: ({ code, type }) => [code, type],
    retryAfter: (error) => error.headers.get('retry-after'),
    async text(model, said, stream, signal) {
      const messages = [new SystemMessage('Be brief.'), new HumanMessage(said)];
      const answer = await ask(stream, chat(model), messages, { signal });
      const { input_tokens: input, output_tokens: output } = answer.usage_metadata;
      return { text: answer.content, finish: answer.response_metadata.finish_reason, input, output };
    },
    async tools(model, said, names, run, stream) {
      const able = chat(model).bindTools(names.map((name) => tool(run, { name, schema: city })));
      const messages = [new HumanMessage(said)];
      const asks = await ask(stream, able, messages);
      const calls = asks.tool_calls.map(({ name, args }) => ({ name, args }));
      const told = asks.tool_calls.map(({ id, args }) => new ToolMessage({ content: run(args), tool_call_id: id }));
      const answer = await ask(stream, able, [...messages, asks, ...told.reverse()]);
      return { calls, answer: answer.content };
    },
    async picture(model, said, data, stream) {
      const image_url = { url: `data:image/png;base64,${data}` };
      const content = [{ type: 'text', text: said }, { type: 'image_url', image_url }];
      return (await ask(stream, chat(model), [new HumanMessage({ content })])).content;
    },
    async shaped(model, said, stream) {
      const able = chat(model).withStructuredOutput(city, { method: 'jsonSchema' });
      if (!stream) return able.invoke(said);
      let whole;
      for await (const soFar of await able.stream(said)) whole = soFar;
      return whole;
    },
  };
}
