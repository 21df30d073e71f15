// Vercel's AI SDK with each of its providers that an address can be given to, for matrix.mjs.
import assert from 'node:assert/strict';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createXai } from '@ai-sdk/xai';
import { generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { createOllama } from 'ollama-ai-provider-v2';
import { z } from 'zod';

const city = z.object({ city: z.string() });

function client(name, provider, differs = {}) {
  async function ask(stream, model, request) {
    const asked = { model: provider(model), maxRetries: 0, providerOptions: differs.options, ...request };
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
      // An answer that fails after it began ends, and its failure is reported beside.
      if (finishReason !== 'stop') throw failure ?? new Error(`it ended with ${finishReason}`);
      return { text, finishReason, totalUsage, steps, output };
    } catch (error) {
      throw failure ?? error;
    }
  }

  return {
    name,
    stop: 'stop',
    status: (error) => error.statusCode,
    kinds: ({ data: { error } }) => [error.code, error.type, error.status],
    retryAfter: (error) => error.responseHeaders['retry-after'],
    ...differs,
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
      const calls = steps[0].toolCalls.map(({ toolName, input }) => ({ name: toolName, args: input }));
      return { calls, answer: text };
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

// Made for xAI alone, which counts reasoning beside the output, and streams each call in one piece.
const xai = {
  faults(of, stream, provider) {
    const reasons = ['openai', 'compatible', 'gemini', 'xai'].includes(provider);
    if (of === 'text' && reasons) return { why: 'It counts reasoning twice.', shows: /\+ +7\s/ };
    const pieces = /tools|calls/.test(of) && stream && provider !== 'xai';
    if (pieces) return { why: 'It takes a piece of a call for the call.', shows: /''/ };
  },
};

// It expects errors in OpenAI's shape, so their message is lost, and one in a stream is only printed.
const ollama = {
  kinds: undefined,
  message(error) {
    assert.equal(error.message, 'Bad Request');
    return JSON.parse(error.responseBody).error;
  },
};

export const ai = (gateway, apiKey) => {
  const v1 = { baseURL: `${gateway}/v1`, apiKey };
  const compatible = { ...v1, name: 'thanos', includeUsage: true, supportsStructuredOutputs: true };
  const openai = createOpenAI(v1);
  const google = createGoogleGenerativeAI({ baseURL: `${gateway}/v1beta`, apiKey });
  const local = createOllama({ baseURL: `${gateway}/api`, headers: { authorization: `Bearer ${apiKey}` } });
  return [
    client('ai with @ai-sdk/openai-compatible', createOpenAICompatible(compatible)),
    client('ai with @ai-sdk/anthropic', createAnthropic(v1), { callsForShapes: true }),
    // Without it, the second turn refers to items by their ids.
    client('ai with @ai-sdk/openai', openai, { options: { openai: { store: false } } }),
    client('ai with @ai-sdk/openai as chat', openai.chat),
    client('ai with @ai-sdk/google', google, { told: (name, content) => JSON.stringify({ name, content }) }),
    client('ai with @ai-sdk/xai', createXai(v1), xai),
    client('ai with @ai-sdk/xai as Responses', createXai(v1).responses),
    client('ai with ollama-ai-provider-v2', local, ollama),
  ];
};
