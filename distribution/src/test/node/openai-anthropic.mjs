// The official OpenAI SDK for Node in front of Anthropic: node openai-anthropic.mjs BASE_URL KEY MODEL. One line a check.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { check } from './check.mjs';

const [baseURL, apiKey, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 20_000 });
const prefix = model.slice(0, model.lastIndexOf('/') + 1);
const said = 'Grüße, 世界 👋🏽';
const reply = `You said: ${said} 🎉👩‍👩‍👧 ça va`;
const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: said },
];
const parameters = { type: 'object', properties: { city: { type: 'string' } } };
const tools = [{ type: 'function', function: { name: 'weather', parameters } }];

await check('a whole answer, without a limit, hot, cached tokens counted in', async () => {
  const answer = await client.chat.completions.create({ model, messages, temperature: 1.8, stop: ['END'], user: 'u1' });
  assert.equal(answer.choices[0].message.content, reply);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(answer.usage.prompt_tokens, 11);
  assert.equal(answer.usage.prompt_tokens_details.cached_tokens, 3);
  assert.equal(answer.usage.total_tokens, 16);
});

await check('a stream with its usage', async () => {
  const stream = await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } });
  let text = '';
  let usage;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, reply);
  assert.equal(usage.completion_tokens, 5);
  assert.equal(usage.prompt_tokens, 11);
});

await check('the helper that runs tools, whole and streamed', async () => {
  for (const stream of [true, false]) {
    const run = client.chat.completions.runTools({
      model,
      messages,
      stream,
      tools: [
        {
          type: 'function',
          function: { name: 'weather', parameters, parse: JSON.parse, function: ({ city }) => `12 °C in ${city}` },
        },
      ],
    });
    assert.equal(await run.finalContent(), 'The tool said: 12 °C in Zürich 🏔');
  }
});

await check('no tools, one tool, the named tool', async () => {
  const none = await client.chat.completions.create({ model, messages, tools, tool_choice: 'none' });
  assert.equal(none.choices[0].message.content, reply);
  const tool_choice = { type: 'function', function: { name: 'weather' } };
  const one = await client.chat.completions.create({ model, messages, tools, tool_choice, parallel_tool_calls: false });
  assert.equal(one.choices[0].finish_reason, 'tool_calls');
  assert.equal(one.choices[0].message.tool_calls[0].function.arguments, '{"city":"Zürich 🏔"}');
});

await check('pictures by data and by address', async () => {
  const content = [
    { type: 'text', text: said },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
    { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
  ];
  const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] });
  assert.equal(answer.choices[0].message.content, `You said: ${said}[image base64][image url] 🎉👩‍👩‍👧 ça va`);
});

await check('structured output, held to the schema or by its substitute', async () => {
  const schema = { ...parameters, required: ['city'], additionalProperties: false };
  const response_format = { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } };
  for (const one of [model, `${prefix}claude-3-5-haiku-20241022`]) {
    const answer = await client.chat.completions.parse({ model: one, messages, response_format });
    assert.deepEqual(answer.choices[0].message.parsed, { city: 'Zürich 🏔' });
    assert.equal(answer.choices[0].finish_reason, 'stop');
    let text = '';
    const stream = await client.chat.completions.create({ model: one, messages, response_format, stream: true });
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    assert.deepEqual(JSON.parse(text), { city: 'Zürich 🏔' });
  }
  const any = await client.chat.completions.create({ model, messages, response_format: { type: 'json_object' } });
  assert.deepEqual(JSON.parse(any.choices[0].message.content), { city: 'Zürich 🏔' });
});

await check('reasoning by effort', async () => {
  const answer = await client.chat.completions.create({ model, messages, reasoning_effort: 'low' });
  assert.equal(answer.choices[0].message.reasoning_content, 'Let me see. 🤔');
  assert.equal(answer.choices[0].message.content, reply);
});

await check('the list of models, both pages', async () => {
  const ids = [];
  for await (const one of client.models.list()) ids.push(one.id);
  assert.ok(ids.includes(model) && ids.includes(`${prefix}claude-haiku-4-5-20251001`), ids.join());
});

await check('a hint without a counterpart is dropped, and named', async () => {
  const { response } = await client.chat.completions.create({ model, messages, seed: 7 }).withResponse();
  assert.equal(response.headers.get('x-thanos-dropped'), 'seed');
});

await check('what has no counterpart is refused by its name', async () => {
  await assert.rejects(
    client.chat.completions.create({ model, messages, n: 2 }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === 'n' && error.code === 'unsupported',
  );
});

await check('errors', async () => {
  const ask = (name) => client.chat.completions.create({ model: prefix + name, messages });
  await assert.rejects(ask('claude-missing'), (error) => error.code === 'model_not_found');
  await assert.rejects(ask('claude-limited'), (error) => error.status === 429 && error.headers.get('retry-after') === '7');
  await assert.rejects(ask('claude-overloaded'), (error) => error.status === 503);
  await assert.rejects(ask('claude-long'), (error) => error.code === 'context_length_exceeded');
});

await check('a stream that fails in the middle', async () => {
  const stream = await client.chat.completions.create({ model: `${prefix}claude-breaks`, messages, stream: true });
  await assert.rejects(async () => {
    for await (const chunk of stream) assert.ok(chunk);
  }, /Overloaded/);
});
