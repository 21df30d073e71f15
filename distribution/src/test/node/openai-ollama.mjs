// The official OpenAI SDK for Node in front of an Ollama: node openai-ollama.mjs BASE_URL MODEL. One line a check.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { check } from './check.mjs';

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0, timeout: 20_000 });
const messages = [{ role: 'user', content: 'hello' }];
const image = (url) => [{ role: 'user', content: [{ type: 'text', text: 'look' }, { type: 'image_url', image_url: { url } }] }];

await check('an image that is sent along', async () => {
  const answer = await client.chat.completions.create({ model, messages: image('data:image/png;base64,iVBORw0KGgo=') });
  assert.equal(answer.choices[0].message.content, 'You said: look 🎉👩‍👩‍👧 ça va');
});

await check('an image by its address, which Ollama cannot fetch', async () => {
  await assert.rejects(
    client.chat.completions.create({ model, messages: image('https://example.com/x.png') }),
    (error) => error.status === 400 && error.code === 'unsupported' && error.param === 'messages[0].content',
  );
});

await check('structured output', async () => {
  const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
  const answer = await client.chat.completions.create({
    model,
    messages,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
  });
  assert.deepEqual(JSON.parse(answer.choices[0].message.content), { answer: 'hello' });
});

await check('reasoning, whole and streamed', async () => {
  const asked = { model, messages, reasoning_effort: 'low' };
  const answer = await client.chat.completions.create(asked);
  assert.equal(answer.choices[0].message.reasoning_content, 'let me think');
  let thoughts = '';
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
    thoughts += chunk.choices[0]?.delta.reasoning_content ?? '';
  }
  assert.equal(thoughts, 'let me think');
});

await check('hints that Ollama has no word for, named', async () => {
  const { response } = await client.chat.completions
    .create({ model, messages, user: 'u', store: true, logit_bias: { 1: 1 } })
    .withResponse();
  assert.equal(response.headers.get('x-thanos-dropped'), 'logit_bias, store, user');
});

for (const [field, more] of [
  ['n', { n: 2 }],
  ['tool_choice', { tool_choice: 'required', tools: ['f', 'g'].map((name) => ({ type: 'function', function: { name } })) }],
]) {
  await check(`a request that needs ${field}`, async () => {
    await assert.rejects(
      client.chat.completions.create({ model, messages, ...more }),
      (error) => error.status === 400 && error.code === 'unsupported' && error.param === field,
    );
  });
}
