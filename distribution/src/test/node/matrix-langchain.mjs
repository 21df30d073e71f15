// LangChain with each of its models that an address can be given to, for matrix.mjs.
import assert from 'node:assert/strict';
import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { ChatOllama } from '@langchain/ollama';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

const city = z.object({ city: z.string() });

async function ask(stream, model, messages, options) {
  if (!stream) return model.invoke(messages, options);
  let whole;
  for await (const chunk of await model.stream(messages, options)) whole = whole ? whole.concat(chunk) : chunk;
  return whole;
}

function client(name, chat, differs) {
  return {
    name,
    status: (error) => error.status,
    async text(model, said, stream, signal) {
      const messages = [new SystemMessage('Be brief.'), new HumanMessage(said)];
      const answer = await ask(stream, chat(model), messages, { signal });
      const { input_tokens: input, output_tokens: output } = answer.usage_metadata ?? {};
      const finish = this.finish(answer.response_metadata, answer.additional_kwargs);
      assert.ok(finish, 'it did not come to an end');
      return { text: answer.text, finish, input, output };
    },
    async tools(model, said, names, run, stream) {
      const able = chat(model).bindTools(names.map((name) => tool(run, { name, schema: city })));
      const messages = [new HumanMessage(said)];
      const asks = await ask(stream, able, messages);
      const calls = asks.tool_calls.map(({ name, args }) => ({ name, args }));
      const result = ({ id, name, args }) => new ToolMessage({ content: run(args), name, tool_call_id: id });
      const told = asks.tool_calls.map(result);
      const answer = await ask(stream, able, [...messages, asks, ...(this.inOrder ? told : told.reverse())]);
      return { calls, answer: answer.text };
    },
    async picture(model, said, data, stream) {
      const image_url = { url: `data:image/png;base64,${data}` };
      const content = [{ type: 'text', text: said }, { type: 'image_url', image_url }];
      const look = async (able) => (await ask(stream, chat(able), [new HumanMessage({ content })])).text;
      if (!this.blind) return look(model);
      await assert.rejects(look(model), this.blind);
      return look(`${model}-vision`);
    },
    async shaped(model, said, stream) {
      const able = chat(model).withStructuredOutput(city, { method: this.method ?? 'jsonSchema' });
      if (!stream) return able.invoke(said);
      let whole;
      for await (const soFar of await able.stream(said)) whole = soFar;
      return whole;
    },
    ...differs,
  };
}

export const langchain = (gateway, apiKey) => {
  const quick = { apiKey, maxRetries: 0 };
  const v1 = { ...quick, timeout: 20_000, configuration: { baseURL: `${gateway}/v1` } };
  const headers = { authorization: `Bearer ${apiKey}` };
  return [
    client('@langchain/openai', (model) => new ChatOpenAI({ ...v1, model }), {
      stop: 'stop',
      kinds: ({ code, type }) => [code, type],
      retryAfter: (error) => error.headers.get('retry-after'),
      finish: ({ finish_reason }) => finish_reason,
    }),
    client('@langchain/openai as Responses', (model) => new ChatOpenAI({ ...v1, model, useResponsesApi: true }), {
      stop: 'completed',
      kinds: ({ code, type }) => [code, type],
      retryAfter: (error) => error.headers.get('retry-after'),
      finish: ({ status }) => status,
    }),
    client('@langchain/anthropic', (model) => new ChatAnthropic({ ...quick, model, anthropicApiUrl: gateway }), {
      stop: 'end_turn',
      kinds: (error) => [error.error.error.type],
      retryAfter: (error) => error.headers.get('retry-after'),
      finish: (metadata, { stop_reason }) => metadata.stop_reason ?? stop_reason,
      // It reads the input's count in message_start only, and adds up the output's counts.
      faults(of, stream, provider) {
        const relayed = provider === 'anthropic' || provider === 'omen';
        if (of === 'text' && stream) return { why: 'It counts wrongly.', shows: relayed ? /\+ +6\s/ : /\+ +0,/ };
      },
    }),
    client('@langchain/google-genai', (model) => new ChatGoogleGenerativeAI({ ...quick, model, baseUrl: gateway }), {
      stop: 'STOP',
      finish: ({ finishReason }) => finishReason,
      // It sends pictures only to models whose names say that they see.
      blind: /does not support images/,
      lacks: (of, stream) => of === 'leaves' && !stream && 'The signal of a whole answer goes nowhere.',
      told: (name, result, provider) => provider === 'gemini' && JSON.stringify({ result }),
      // It leaves thoughts out of the output's count, and tells each result in a content of its own.
      faults(of, stream, provider) {
        const reasons = ['openai', 'compatible', 'gemini', 'xai'].includes(provider);
        if (of === 'text' && reasons) return { why: 'It counts no thoughts.', shows: /\+ +3\s/ };
        const kept = /\[GoogleGenerativeAI Error\]/;
        if (of === 'strays') return { why: 'A cut stream rejects a promise that it keeps.', shows: kept };
        const parted = /function response parts/;
        if (of === 'calls' && provider === 'gemini') return { why: 'It parts results.', shows: parted };
      },
    }),
    client('@langchain/ollama', (model) => new ChatOllama({ model, baseUrl: gateway, headers, maxRetries: 0 }), {
      stop: 'stop',
      status: (error) => error.status_code,
      finish: ({ done_reason }) => done_reason,
      // Neither an id nor a tool's name goes with a result.
      inOrder: true,
      lacks(of, stream) {
        if (of === 'cut' && !stream) return 'Whole answers are streamed too.';
        if (of === 'leaves') return 'An abort is noticed when the next piece comes.';
      },
      // Each part goes as a message of its own.
      faults(of, stream, provider) {
        const parted = of === 'picture' && provider !== 'anthropic';
        if (parted) return { why: 'It parts text and picture.', shows: /You said: / };
      },
    }),
  ];
};
