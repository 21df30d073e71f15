// LlamaIndex with each of its models that an address can be given to, for matrix.mjs.
import assert from 'node:assert/strict';
import { Anthropic, AnthropicSession } from '@llamaindex/anthropic';
import { Gemini } from '@llamaindex/google';
import { Ollama } from '@llamaindex/ollama';
import { OpenAI, OpenAIResponses } from '@llamaindex/openai';
import { tool } from 'llamaindex';
import { z } from 'zod';

const city = z.object({ city: z.string() });

function client(name, make, differs) {
  async function ask(stream, model, request) {
    const llm = make(model);
    if (!stream) {
      const { message, raw } = await llm.chat(request);
      const { content, options } = message;
      const text = typeof content === 'string' ? content : content.map((part) => part.text).join('');
      return { text, options, raws: [raw] };
    }
    let text = '';
    const raws = [];
    const calls = new Map();
    for await (const piece of await llm.chat({ ...request, stream: true })) {
      text += piece.delta;
      raws.push(piece.raw);
      for (const call of piece.options?.toolCall ?? []) calls.set(call.id, call);
    }
    return { text, options: { toolCall: [...calls.values()] }, raws };
  }

  return {
    name,
    status: (error) => error.status,
    async text(model, said, stream) {
      const user = { role: 'user', content: said };
      const messages = this.instructs === false ? [user] : [{ role: 'system', content: 'Be brief.' }, user];
      const { text, raws } = await ask(stream, model, { messages, additionalChatOptions: this.options?.(stream) });
      const end = Object.assign({}, ...raws.map((raw) => this.end(raw)));
      if (this.ends) assert.ok(end.finish, 'it did not come to an end');
      return { text, ...end };
    },
    async tools(model, said, names, run, stream) {
      const tools = names.map((name) => tool({ name, description: name, parameters: city, execute: run }));
      const messages = [{ role: 'user', content: said }];
      const { text, options } = await ask(stream, model, { messages, tools });
      const args = (input) => (typeof input === 'string' ? JSON.parse(input) : input);
      const calls = options.toolCall.map(({ name, input }) => ({ name, args: args(input) }));
      const told = options.toolCall.map(({ id, input }) => {
        const result = run(args(input));
        return { role: 'user', content: result, options: { toolResult: { id, result, isError: false } } };
      });
      messages.push({ role: 'assistant', content: text, options }, ...(this.inOrder ? told : told.reverse()));
      return { calls, answer: (await ask(stream, model, { messages, tools })).text };
    },
    async picture(model, said, data, stream) {
      const image_url = { url: `data:image/png;base64,${data}` };
      const content = [{ type: 'text', text: said }, { type: 'image_url', image_url }];
      return (await ask(stream, model, { messages: [{ role: 'user', content }] })).text;
    },
    async shaped(model, said, stream) {
      const messages = [{ role: 'user', content: said }];
      return JSON.parse((await ask(stream, model, { messages, responseFormat: city })).text);
    },
    ...differs,
  };
}

const unable = {
  // There is no signal, and what wraps a stream does not pass on that its loop was left.
  leaves: 'Neither a whole answer nor a stream can be left.',
  picture: 'It sends no pictures.',
  shape: 'It asks for no form of an answer.',
};
const same = /strictly equal/;

const chat = {
  stop: 'stop',
  kinds: ({ code, type }) => [code, type],
  retryAfter: (error) => error.headers.get('retry-after'),
  options: (stream) => stream && { stream_options: { include_usage: true } },
  end: ({ choices, usage }) => ({
    ...(choices[0]?.finish_reason && { finish: choices[0].finish_reason }),
    ...(usage && { input: usage.prompt_tokens, output: usage.completion_tokens }),
  }),
  lacks: (of) => of === 'leaves' && unable[of],
};

const responses = {
  ...chat,
  stop: 'completed',
  options: undefined,
  end(raw) {
    const { status, usage } = raw.response ?? raw;
    return { finish: status, input: usage?.input_tokens, output: usage?.output_tokens };
  },
  lacks: (of) => /leaves|shape/.test(of) && unable[of],
  faults(of, stream) {
    const says = /text|tools|calls|picture/.test(of);
    if (says && stream) return { why: 'It repeats the last piece with each event after it.', shows: same };
  },
};

const messages = {
  stop: 'end_turn',
  kinds: (error) => [error.error.error.type],
  retryAfter: (error) => error.headers.get('retry-after'),
  end({ stop_reason: finish, usage }) {
    const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens: output } = usage ?? {};
    const cached = (cache_read_input_tokens ?? 0) + (cache_creation_input_tokens ?? 0);
    return { finish, input: input_tokens + cached, output };
  },
  lacks: (of) => /leaves|shape/.test(of) && unable[of],
  faults(of, stream) {
    if (of === 'text' && stream) return { why: 'It shows no end of a stream.', shows: /undefined/ };
  },
};

const gemini = {
  stop: 'STOP',
  kinds: (error) => [JSON.parse(error.message).error.status],
  // A system message goes as the user's.
  instructs: false,
  // An error in a stream is passed over; an end is not made up.
  ends: true,
  told: (name, result, provider) => provider === 'gemini' && JSON.stringify({ result }),
  end({ candidates, usageMetadata: usage }) {
    const output = usage && (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0);
    return { finish: candidates?.[0].finishReason, ...(usage && { input: usage.promptTokenCount, output }) };
  },
  lacks: (of) => (of === 'picture' ? "It uploads pictures to Google's files." : /leaves|shape/.test(of) && unable[of]),
};

const ollama = {
  stop: 'stop',
  status: (error) => error.status_code,
  end: ({ done_reason: finish, prompt_eval_count: input, eval_count: output }) => ({ finish, input, output }),
  lacks: (of) => /leaves|picture/.test(of) && unable[of],
  // Only Ollama itself takes a result whose call is not sent along.
  inOrder: true,
  faults(of, stream, provider) {
    const shows = /'The tool said: '|no message before it makes that call/;
    if (/tools|calls/.test(of) && provider !== 'ollama') return { why: 'It sends no calls.', shows };
  },
};

export const llamaindex = (gateway, apiKey) => {
  const v1 = { apiKey, baseURL: `${gateway}/v1`, maxRetries: 0, timeout: 20_000 };
  // An address can be given to the session alone.
  const session = new AnthropicSession({ ...v1, baseURL: gateway });
  const config = { host: gateway, headers: { authorization: `Bearer ${apiKey}` } };
  const httpOptions = { baseUrl: gateway };
  const name = (model) => `llamaindex with @llamaindex/${model}`;
  return [
    client(name('openai'), (model) => new OpenAI({ ...v1, model }), chat),
    client(name('openai as Responses'), (model) => new OpenAIResponses({ ...v1, model }), responses),
    client(name('anthropic'), (model) => new Anthropic({ session, model }), messages),
    client(name('google'), (model) => new Gemini({ apiKey, model, httpOptions }), gemini),
    client(name('ollama'), (model) => new Ollama({ model, config }), ollama),
  ];
};
