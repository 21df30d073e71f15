// The official OpenAI SDK for Node in front of Gemini: node openai-gemini.mjs BASE_URL MODEL. One line a check.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { check } from './check.mjs';

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0, timeout: 20_000 });
const messages = [{ role: 'user', content: 'hello' }];
const image = (url) => [{ role: 'user', content: [{ type: 'text', text: 'look' }, { type: 'image_url', image_url: { url } }] }];

for (const url of ['data:image/png;base64,iVBORw0KGgo=', 'https://example.com/x.png']) {
  await check(`an image, ${url.slice(0, 5)}`, async () => {
    const answer = await client.chat.completions.create({ model, messages: image(url) });
    assert.equal(answer.choices[0].message.content, 'You said: look 🎉👩‍👩‍👧 ça va');
  });
}

await check('structured output', async () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { answer: { type: 'string', pattern: '.*' } },
    required: ['answer'],
    additionalProperties: false,
  };
  const answer = await client.chat.completions.create({
    model,
    messages,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
  });
  assert.deepEqual(JSON.parse(answer.choices[0].message.content), { answer: 'hello' });
});

await check('reasoning, whole and streamed, counted', async () => {
  const asked = { model, messages, reasoning_effort: 'low' };
  const answer = await client.chat.completions.create(asked);
  assert.equal(answer.choices[0].message.reasoning_content, 'let me think');
  assert.equal(answer.usage.completion_tokens_details.reasoning_tokens, 2);
  let thoughts = '';
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
    thoughts += chunk.choices[0]?.delta.reasoning_content ?? '';
  }
  assert.equal(thoughts, 'let me think');
});

await check('two answers', async () => {
  const answer = await client.chat.completions.create({ model, messages, n: 2 });
  assert.equal(answer.choices.length, 2);
  assert.equal(answer.choices[1].message.content, 'You said: hello 🎉👩‍👩‍👧 ça va');
});

await check('two tools called at once, whole and streamed, and both results', async () => {
  const functions = ['first', 'second'].map((name) => ({ type: 'function', function: { name } }));
  const asked = { model, messages, tools: functions, tool_choice: 'required' };
  const answer = await client.chat.completions.create({ ...asked, parallel_tool_calls: true });
  const { message } = answer.choices[0];
  assert.deepEqual(message.tool_calls.map((call) => call.function.name), ['first', 'second']);
  assert.equal(new Set(message.tool_calls.map((call) => call.id)).size, 2);
  const indexes = new Set();
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
    for (const call of chunk.choices[0]?.delta.tool_calls ?? []) indexes.add(call.index);
  }
  assert.deepEqual([...indexes], [0, 1]);
  const results = message.tool_calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: call.id }));
  const last = await client.chat.completions.create({ ...asked, tool_choice: 'none', messages: [...messages, message, ...results] });
  assert.equal(last.choices[0].message.content, `The tool said: ${message.tool_calls.map((call) => call.id).join(', ')}`);
});

await check('a prompt that is refused, and an answer that is', async () => {
  await assert.rejects(
    client.chat.completions.create({ model: model.replace('fake-large', 'blocked'), messages }),
    (error) => error.status === 400 && error.code === 'content_filter',
  );
  const answer = await client.chat.completions.create({ model: model.replace('fake-large', 'unsafe'), messages });
  assert.equal(answer.choices[0].finish_reason, 'content_filter');
});

await check('hints that Gemini has no word for, named', async () => {
  const { response } = await client.chat.completions
    .create({ model, messages, user: 'u', store: true, logit_bias: { 1: 1 } })
    .withResponse();
  assert.equal(response.headers.get('x-thanos-dropped'), 'logit_bias, store, user');
});

await check('a custom tool, which Gemini takes as a function', async () => {
  const answer = await client.chat.completions.create({ model, messages, tools: [{ type: 'custom', custom: { name: 'x' } }] });
  assert.equal(answer.choices[0].message.tool_calls[0].custom.name, 'x');
});

await check('a request that needs what Gemini has not', async () => {
  await assert.rejects(
    client.chat.completions.create({ model, messages, web_search_options: {} }),
    (error) => error.status === 400 && error.code === 'unsupported' && error.param === 'web_search_options',
  );
});
