// The official OpenAI SDK, this version and the one before, for matrix.mjs.
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const response_format = { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: parameters } };

async function client(gateway, apiKey, name, module) {
  const { default: OpenAI } = await import(module);
  const { completions } = new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0, timeout: 20_000 }).chat;
  const ask = (stream, request, options) =>
    stream
      ? completions.stream({ ...request, stream_options: { include_usage: true } }, options).finalChatCompletion()
      : completions.create(request, options);
  const user = (content) => [{ role: 'user', content }];
  const text = (answer) => answer.choices[0].message.content;

  return {
    name,
    stop: 'stop',
    status: (error) => error.status,
    kinds: ({ code, type }) => [code, type],
    retryAfter: (error) => error.headers.get('retry-after'),
    async text(model, said, stream, signal) {
      const messages = [{ role: 'system', content: 'Be brief.' }, ...user(said)];
      const answer = await ask(stream, { model, messages }, { signal });
      const { prompt_tokens: input, completion_tokens: output } = answer.usage;
      return { text: text(answer), finish: answer.choices[0].finish_reason, input, output };
    },
    async tools(model, said, names, run, stream) {
      const tools = names.map((name) => ({ type: 'function', function: { name, parameters } }));
      const { message } = (await ask(stream, { model, messages: user(said), tools })).choices[0];
      const calls = message.tool_calls.map((call) => ({ name: call.function.name, args: JSON.parse(call.function.arguments) }));
      const told = message.tool_calls.map(({ id }, i) => ({ role: 'tool', tool_call_id: id, content: run(calls[i].args) }));
      const messages = [...user(said), message, ...told.reverse()];
      return { calls, answer: text(await ask(stream, { model, messages, tools })) };
    },
    async picture(model, said, data, stream) {
      const image_url = { url: `data:image/png;base64,${data}` };
      return text(await ask(stream, { model, messages: user([{ type: 'text', text: said }, { type: 'image_url', image_url }]) }));
    },
    async shaped(model, said, stream) {
      return JSON.parse(text(await ask(stream, { model, messages: user(said), response_format })));
    },
  };
}

export const openai = async (gateway, apiKey) => [
  await client(gateway, apiKey, 'openai 7.x', 'openai'),
  await client(gateway, apiKey, 'openai 6.x', 'openai-6'),
];
