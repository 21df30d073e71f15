// The official Anthropic SDK for Node: node anthropic.mjs PACKAGE BASE_URL KEY MODEL KIND. One line a check.
// KIND: relay (an upstream of its own language), translate (OpenAI's), echo (the gateway itself).
import assert from 'node:assert/strict';
import { check } from './check.mjs';

const [name, baseURL, apiKey, model, kind] = process.argv.slice(2);
const { default: Anthropic } = await import(name);
const client = new Anthropic({ baseURL, apiKey, maxRetries: 0, timeout: 20_000 });
const prefix = model.slice(0, model.lastIndexOf('/') + 1);
const said = 'Grüße, 世界 👋🏽';
const reply = kind === 'echo' ? said : `You said: ${said} 🎉👩‍👩‍👧 ça va`;
const messages = [{ role: 'user', content: said }];
const ask = { model, max_tokens: 4000, messages };
const tools = [
  {
    name: 'weather',
    description: 'The weather of a city',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];
const text = (message) => message.content.filter((b) => b.type === 'text').map((b) => b.text).join('');

await check('a whole answer', async () => {
  const message = await client.messages.create(ask);
  assert.equal(message.type, 'message');
  assert.equal(message.role, 'assistant');
  assert.equal(text(message), reply);
  assert.equal(message.stop_reason, 'end_turn');
  assert.ok(message.usage.output_tokens > 0);
  if (kind === 'relay') assert.equal(message.usage.cache_read_input_tokens, 3);
  // OpenAI counts cached tokens into the prompt's, Anthropic beside them.
  if (kind === 'translate') assert.deepEqual([message.usage.input_tokens, message.usage.cache_read_input_tokens], [8, 3]);
});

await check('a system prompt and a conversation', async () => {
  const message = await client.messages.create({
    ...ask,
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    messages: [...messages, { role: 'assistant', content: 'Hm?' }, { role: 'user', content: [{ type: 'text', text: said }] }],
  });
  assert.equal(text(message), reply);
});

await check('a stream, event by event', async () => {
  const stream = await client.messages.create({ ...ask, stream: true });
  const types = [];
  let got = '';
  for await (const event of stream) {
    if (types.at(-1) !== event.type) types.push(event.type);
    if (event.type === 'content_block_delta') got += event.delta.text;
  }
  assert.equal(got, reply);
  const known = types.filter((type) => type !== 'event_not_yet_known');
  assert.deepEqual(known, [
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
});

await check('the streaming helper', async () => {
  const stream = client.messages.stream(ask);
  let got = '';
  stream.on('text', (delta) => (got += delta));
  const message = await stream.finalMessage();
  assert.equal(got, reply);
  assert.equal(text(message), reply);
  assert.equal(message.stop_reason, 'end_turn');
  assert.ok(message.usage.output_tokens > 0);
});

await check('a whole tool call', async () => {
  const message = await client.messages.create({ ...ask, tools, tool_choice: { type: 'any' } });
  const call = message.content.find((block) => block.type === 'tool_use');
  assert.equal(call.name, 'weather');
  if (kind !== 'echo') assert.deepEqual(call.input, { city: 'Zürich 🏔' });
  assert.equal(message.stop_reason, 'tool_use');
});

await check('a streamed tool call and its result', async () => {
  const first = await client.messages.stream({ ...ask, tools, tool_choice: { type: 'any' } }).finalMessage();
  const call = first.content.find((block) => block.type === 'tool_use');
  assert.equal(typeof call.input.city, 'string');
  assert.equal(first.stop_reason, 'tool_use');
  const second = await client.messages.create({
    ...ask,
    tools,
    messages: [
      ...messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: '12 °C' }] },
    ],
  });
  if (kind !== 'echo') assert.equal(text(second), 'The tool said: 12 °C');
});

await check('a picture and a document', async () => {
  const data = 'iVBORw0KGgo=';
  const message = await client.messages.create({
    ...ask,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: said },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
          { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } },
          { type: 'document', title: 'a', source: { type: 'base64', media_type: 'application/pdf', data } },
        ],
      },
    ],
  });
  const expected = kind === 'relay' ? `You said: ${said}[image base64][image url][document base64] 🎉👩‍👩‍👧 ça va` : reply;
  assert.equal(text(message), expected);
});

if (kind === 'relay') {
  await check('thoughts, their signature, and what is unknown, untouched', async () => {
    const asked = { ...ask, thinking: { type: 'enabled', budget_tokens: 2000 } };
    const whole = await client.messages.create(asked);
    assert.deepEqual(whole.content[0], { type: 'thinking', thinking: 'Let me see. 🤔', signature: 'c2lnbmVk' });
    assert.equal(whole.x_not_yet_known, 1.5);
    const streamed = await client.messages.stream(asked).finalMessage();
    assert.deepEqual(streamed.content, whole.content);
    await client.messages.create({
      ...asked,
      messages: [...messages, { role: 'assistant', content: whole.content }, ...messages],
    });
  });

  await check('an unknown model', async () => {
    await assert.rejects(
      client.messages.create({ ...ask, model: `${prefix}claude-missing` }),
      (error) => error instanceof Anthropic.NotFoundError && error.error.error.type === 'not_found_error',
    );
  });

  await check('a rate limit with its retry-after', async () => {
    await assert.rejects(
      client.messages.create({ ...ask, model: `${prefix}claude-limited` }),
      (error) => error instanceof Anthropic.RateLimitError && error.headers.get('retry-after') === '7',
    );
  });

  await check('an overloaded upstream keeps its status', async () => {
    await assert.rejects(
      client.messages.create({ ...ask, model: `${prefix}claude-overloaded` }),
      (error) => error.status === 529 && error.error.error.type === 'overloaded_error',
    );
  });

  await check('a prompt that is too long', async () => {
    await assert.rejects(
      client.messages.create({ ...ask, model: `${prefix}claude-long` }),
      (error) => error instanceof Anthropic.BadRequestError && /prompt is too long/.test(error.message),
    );
  });

  await check('a stream that fails in the middle', async () => {
    const stream = await client.messages.create({ ...ask, model: `${prefix}claude-breaks`, stream: true });
    const seen = [];
    await assert.rejects(async () => {
      for await (const event of stream) seen.push(event.type);
    }, /overloaded_error/);
    assert.ok(seen.includes('content_block_delta') && !seen.includes('message_stop'), seen.join());
  });

  await check('a stream the caller leaves', async () => {
    const stream = await client.messages.create({ ...ask, model: `${prefix}claude-slow`, stream: true });
    for await (const event of stream) {
      if (event.type === 'content_block_delta') break;
    }
  });
}

if (kind === 'translate') {
  await check('an unknown model', async () => {
    await assert.rejects(
      client.messages.create({ ...ask, model: `${prefix}missing` }),
      (error) => error instanceof Anthropic.NotFoundError && error.error.error.type === 'not_found_error',
    );
  });
}

await check('a request that is wrong', async () => {
  await assert.rejects(
    client.messages.create({ ...ask, messages: 'none' }),
    (error) => error instanceof Anthropic.BadRequestError && error.error.error.type === 'invalid_request_error',
  );
});
