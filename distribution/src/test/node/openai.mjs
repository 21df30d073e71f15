// The official OpenAI SDK for Node: node openai.mjs BASE_URL KEY MODEL_PREFIX. One line a check.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { check } from './check.mjs';

const [baseURL, apiKey, prefix] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 20_000 });
const said = 'Grüße, 世界 👋🏽';
const reply = `You said: ${said} 🎉👩‍👩‍👧 ça va`;
const messages = [{ role: 'user', content: said }];
const model = `${prefix}fake-large`;
const tools = [
  {
    type: 'function',
    function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  },
];

await check('a whole answer', async () => {
  const answer = await client.chat.completions.create({ model, messages });
  assert.equal(answer.choices[0].message.content, reply);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(answer.usage.total_tokens, 16);
});

await check('a stream, text exact, one usage at its end', async () => {
  const stream = await client.chat.completions.create({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  const usages = [];
  const ids = new Set();
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    ids.add(chunk.id);
    if (chunk.usage) usages.push(chunk);
  }
  assert.equal(text, reply);
  assert.equal(ids.size, 1);
  assert.equal(usages.length, 1);
  assert.deepEqual(usages[0].choices, []);
});

await check('a stream without usage unless asked', async () => {
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  for await (const chunk of stream) assert.ok(!chunk.usage);
});

await check('the helper that runs tools, streamed', async () => {
  const runner = client.chat.completions.runTools({
    model,
    messages,
    stream: true,
    tools: [
      {
        type: 'function',
        function: {
          name: 'weather',
          parameters: tools[0].function.parameters,
          parse: JSON.parse,
          function: ({ city }) => `12 °C in ${city}`,
        },
      },
    ],
  });
  assert.equal(await runner.finalContent(), 'The tool said: 12 °C in Zürich 🏔');
});

await check('a whole tool call', async () => {
  const answer = await client.chat.completions.create({ model, messages, tools });
  assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  assert.equal(answer.choices[0].message.tool_calls[0].function.arguments, '{"city":"Zürich 🏔"}');
});

await check('the list of models', async () => {
  const ids = [];
  for await (const one of client.models.list()) ids.push(one.id);
  assert.ok(ids.includes(`${prefix}fake-small`), ids.join());
});

await check('an unknown model', async () => {
  await assert.rejects(
    client.chat.completions.create({ model: `${prefix}missing`, messages }),
    (error) => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found',
  );
});

await check('a rate limit with its retry-after', async () => {
  await assert.rejects(
    client.chat.completions.create({ model: `${prefix}limited`, messages }),
    (error) => error instanceof OpenAI.RateLimitError && error.headers.get('retry-after') === '7',
  );
});

await check('a stream the caller leaves', async () => {
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  for await (const chunk of stream) {
    assert.ok(chunk.id);
    break;
  }
});
