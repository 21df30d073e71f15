// Vercel's AI SDK with its providers for OpenAI-compatible endpoints and for Anthropic, for matrix.mjs.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

// What it says of models it does not know is no result.
globalThis.AI_SDK_LOG_WARNINGS = false;
const city = z.object({ city: z.string() });

function client(name, provider, callsForShapes) {
  async function ask(stream, model, request) {
    const asked = { model: provider(model), maxRetries: 0, ...request };
    if (!stream) return generateText(asked);
    let failure;
    const answer = streamText({ ...asked, onError: ({ error }) => (failure = error) });
    try {
      const [text, finishReason, totalUsage, steps, output] = await Promise.all([
        answer.text,
        answer.finishReason,
        answer.totalUsage,
        answer.steps,
        request.output && answer.output,
      ]);
      // An answer that fails after it began is told of, and ends.
      if (finishReason === 'error') throw failure;
      return { text, finishReason, totalUsage, steps, output };
    } catch (error) {
      throw failure ?? error;
    }
  }

  return {
    name,
    stop: 'stop',
    status: (error) => error.statusCode,
    kinds: ({ data: { error } }) => [error.code, error.type],
    retryAfter: (error) => error.responseHeaders['retry-after'],
    callsForShapes,
    async text(model, said, stream, abortSignal) {
      const asked = { system: 'Be brief.', prompt: said, abortSignal };
      const { text, finishReason, totalUsage } = await ask(stream, model, asked);
      return { text, finish: finishReason, input: totalUsage.inputTokens, output: totalUsage.outputTokens };
    },
    async tools(model, said, names, run, stream) {
      const tools = names.map((name) => [name, tool({ inputSchema: city, execute: async (args) => run(args) })]);
      const { text, steps } = await ask(stream, model, {
        prompt: said,
        tools: Object.fromEntries(tools),
        stopWhen: stepCountIs(3),
      });
      return { calls: steps[0].toolCalls.map(({ toolName, input }) => ({ name: toolName, args: input })), answer: text };
    },
    async picture(model, said, data, stream) {
      const image = { type: 'file', mediaType: 'image/png', data };
      const messages = [{ role: 'user', content: [{ type: 'text', text: said }, image] }];
      return (await ask(stream, model, { messages })).text;
    },
    async shaped(model, said, stream) {
      const output = Output.object({ schema: city });
      return (await ask(stream, model, { prompt: said, output })).output;
    },
  };
}

export const ai = (gateway, apiKey) => [
  client(
    'ai with @ai-sdk/openai-compatible',
    createOpenAICompatible({
      name: 'thanos',
      baseURL: `${gateway}/v1`,
      apiKey,
      includeUsage: true,
      supportsStructuredOutputs: true,
    }),
  ),
  client('ai with @ai-sdk/anthropic', createAnthropic({ baseURL: `${gateway}/v1`, apiKey }), true),
];
