// OpenAI's Agents SDK, with Responses as it comes and with chat completions, for matrix.mjs.
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents';
import OpenAI from 'openai';
import { z } from 'zod';

setTracingDisabled(true);
const city = z.object({ city: z.string() });

function client(name, gateway, apiKey, useResponses) {
  const openAIClient = new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0, timeout: 20_000 });
  const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient, useResponses }) });

  async function ask(stream, model, input, more = {}, signal = undefined) {
    const agent = new Agent({ name: 'thanos', model, ...more });
    const result = await runner.run(agent, input, { stream, signal, maxTurns: 3 });
    if (stream) {
      for await (const event of result) void event;
      await result.completed;
    }
    return result;
  }

  return {
    name,
    status: (error) => error.status,
    kinds: ({ code, type }) => [code, type],
    retryAfter: (error) => error.headers.get('retry-after'),
    async text(model, said, stream, signal) {
      const result = await ask(stream, model, said, { instructions: 'Be brief.' }, signal);
      const { inputTokens: input, outputTokens: output } = result.rawResponses[0].usage;
      return { text: result.finalOutput, input, output };
    },
    async tools(model, said, names, run, stream) {
      const tools = names.map((name) => tool({ name, description: name, parameters: city, execute: run }));
      const { newItems, finalOutput } = await ask(stream, model, said, { tools });
      const items = newItems.filter(({ type }) => type === 'tool_call_item').map(({ rawItem }) => rawItem);
      const calls = items.map(({ name, arguments: args }) => ({ name, args: JSON.parse(args) }));
      return { calls, answer: finalOutput };
    },
    async picture(model, said, data, stream) {
      const image = { type: 'input_image', image: `data:image/png;base64,${data}` };
      const content = [{ type: 'input_text', text: said }, image];
      return (await ask(stream, model, [{ role: 'user', content }])).finalOutput;
    },
    async shaped(model, said, stream) {
      return (await ask(stream, model, said, { outputType: city })).finalOutput;
    },
  };
}

export const agents = (gateway, apiKey) => [
  client('@openai/agents', gateway, apiKey, true),
  client('@openai/agents as chat', gateway, apiKey, false),
];
