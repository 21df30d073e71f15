// The official Anthropic SDK, this version and the one before, for matrix.mjs.
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };

async function client(gateway, apiKey, name, module) {
  const { default: Anthropic } = await import(module);
  const { messages } = new Anthropic({ baseURL: gateway, apiKey, maxRetries: 0, timeout: 20_000 });
  const ask = (stream, request, options) =>
    stream
      ? messages.stream({ max_tokens: 4000, ...request }, options).finalMessage()
      : messages.create({ max_tokens: 4000, ...request }, options);
  const user = (content) => ({ role: 'user', content });
  const text = (answer) => answer.content.filter((block) => block.type === 'text').map((block) => block.text).join('');

  return {
    name,
    stop: 'end_turn',
    status: (error) => error.status,
    kinds: (error) => [error.error.error.type],
    retryAfter: (error) => error.headers.get('retry-after'),
    async text(model, said, stream, signal) {
      const answer = await ask(stream, { model, system: 'Be brief.', messages: [user(said)] }, { signal });
      const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens } = answer.usage;
      const input = input_tokens + (cache_read_input_tokens ?? 0) + (cache_creation_input_tokens ?? 0);
      return { text: text(answer), finish: answer.stop_reason, input, output: output_tokens };
    },
    async tools(model, said, names, run, stream) {
      const tools = names.map((name) => ({ name, input_schema: schema }));
      const { content } = await ask(stream, { model, tools, messages: [user(said)] });
      const calls = content.filter((block) => block.type === 'tool_use');
      const told = calls.map(({ id, input }) => ({ type: 'tool_result', tool_use_id: id, content: run(input) }));
      const messages = [user(said), { role: 'assistant', content }, user(told.reverse())];
      const answer = await ask(stream, { model, tools, messages });
      return { calls: calls.map(({ name, input }) => ({ name, args: input })), answer: text(answer) };
    },
    async picture(model, said, data, stream) {
      const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
      return text(await ask(stream, { model, messages: [user([{ type: 'text', text: said }, image])] }));
    },
    async shaped(model, said, stream) {
      const output_config = { format: { type: 'json_schema', schema } };
      return JSON.parse(text(await ask(stream, { model, messages: [user(said)], output_config })));
    },
  };
}

export const anthropic = async (gateway, apiKey) => [
  await client(gateway, apiKey, '@anthropic-ai/sdk 1.x', '@anthropic-ai/sdk'),
  await client(gateway, apiKey, '@anthropic-ai/sdk 0.x', 'anthropic-sdk-0'),
];
