// The official Ollama SDK for Node: node ollama.mjs HOST MODEL_PREFIX. One line a check.
import assert from 'node:assert/strict';
import { Ollama } from 'ollama';
import { check } from './check.mjs';

const [host, prefix] = process.argv.slice(2);
const client = new Ollama({ host });
const said = 'Grüße, 世界 👋🏽';
const reply = `You said: ${said} 🎉👩‍👩‍👧 ça va`;
const messages = [{ role: 'user', content: said }];
const model = `${prefix}fake-large`;
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const tools = [
  {
    type: 'function',
    function: {
      name: 'weather',
      description: 'Tells the weather',
      parameters: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } },
    },
  },
];

const joined = async (stream, text) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  assert.deepEqual(parts.map((part) => part.done), [...parts.slice(1).map(() => false), true]);
  return { text: parts.map(text).join(''), last: parts.at(-1), parts };
};

await check('a whole answer, its counts and times', async () => {
  const answer = await client.chat({ model, messages });
  assert.equal(answer.message.content, reply);
  assert.equal(answer.message.role, 'assistant');
  assert.equal(answer.done, true);
  assert.equal(answer.done_reason, 'stop');
  assert.equal(answer.prompt_eval_count, 11);
  assert.equal(answer.eval_count, 5);
  assert.ok(answer.total_duration > 0);
  assert.ok(!Number.isNaN(Date.parse(answer.created_at)));
});

await check('a stream, text exact, its counts at the end', async () => {
  const { text, last } = await joined(
    await client.chat({ model, messages, stream: true }),
    (part) => part.message.content,
  );
  assert.equal(text, reply);
  assert.equal(last.done_reason, 'stop');
  assert.equal(last.prompt_eval_count, 11);
  assert.equal(last.eval_count, 5);
});

await check('a whole tool call and its result', async () => {
  const answer = await client.chat({ model, messages, tools });
  const [call] = answer.message.tool_calls;
  assert.equal(call.function.name, 'weather');
  assert.deepEqual(call.function.arguments, { city: 'Zürich 🏔' });
  const next = await client.chat({
    model,
    tools,
    messages: [...messages, answer.message, { role: 'tool', tool_name: 'weather', content: '12 °C' }],
  });
  assert.equal(next.message.content, 'The tool said: 12 °C');
});

await check('a streamed tool call', async () => {
  const { parts } = await joined(await client.chat({ model, messages, tools, stream: true }), () => '');
  const calls = parts.flatMap((part) => part.message.tool_calls ?? []);
  assert.deepEqual(calls.map((call) => call.function.arguments), [{ city: 'Zürich 🏔' }]);
});

await check('images, as bytes and as base64', async () => {
  for (const image of [png, png.toString('base64')]) {
    const answer = await client.chat({ model, messages: [{ ...messages[0], images: [image] }] });
    assert.equal(answer.message.content, reply);
  }
});

await check('options, a format and what to keep', async () => {
  const answer = await client.chat({
    model,
    messages,
    format: 'json',
    keep_alive: '5m',
    options: { temperature: 0.5, top_p: 0.9, seed: 7, num_predict: 50, num_ctx: 2048, stop: ['END'] },
  });
  assert.equal(answer.message.content, reply);
});

await check('a whole generation', async () => {
  const answer = await client.generate({ model, prompt: said, system: 'Be kind.' });
  assert.equal(answer.response, reply);
  assert.equal(answer.eval_count, 5);
});

await check('a streamed generation', async () => {
  const { text, last } = await joined(
    await client.generate({ model, prompt: said, stream: true }),
    (part) => part.response,
  );
  assert.equal(text, reply);
  assert.equal(last.prompt_eval_count, 11);
});

await check('every listed model answers, with and without its tag', async () => {
  const { models } = await client.list();
  const names = models.map((one) => one.name).filter((name) => name.startsWith(prefix) || name.startsWith('echo/'));
  assert.ok(names.includes(`${prefix}fake-small`), names.join());
  assert.ok(names.includes('echo/echo'), names.join());
  for (const name of names) {
    for (const spelling of [name, name.endsWith(':latest') ? name.slice(0, -7) : `${name}:latest`]) {
      const answer = await client.chat({ model: spelling, messages });
      assert.ok(answer.message.content.includes(said), spelling);
    }
  }
});

await check('a model shown, by its name with a tag too', async () => {
  for (const name of ['echo/echo', 'echo/echo:latest', `${prefix}fake-small`]) {
    const shown = await client.show({ model: name });
    assert.ok(shown.capabilities.includes('completion'), name);
    assert.ok(shown.details.family, name);
  }
});

await check('what is loaded, and the version', async () => {
  assert.deepEqual((await client.ps()).models, []);
  assert.match((await client.version()).version, /^\d+\.\d+\.\d+$/);
});

for (const [name, status, words] of [
  ['missing', 404, /missing/],
  ['limited', 429, /limit|many/i],
  ['picky', 400, /temperature/],
]) {
  await check(`the error of the model that is ${name}`, async () => {
    for (const stream of [true, false]) {
      await assert.rejects(
        client.chat({ model: prefix + name, messages, stream }),
        (error) => error.name === 'ResponseError' && error.status_code === status && words.test(error.message),
      );
    }
  });
}

await check('a model nobody has cannot be shown', async () => {
  await assert.rejects(client.show({ model: 'nobody/has' }), (error) => error.status_code === 404);
});

await check('a stream the caller aborts', async () => {
  const words = Array(200).fill('word').join(' ');
  const stream = await client.chat({
    model: 'echo/echo',
    messages: [{ role: 'user', content: words }],
    echo: { delay_ms: 50 },
    stream: true,
  });
  let parts = 0;
  await assert.rejects(
    (async () => {
      for await (const part of stream) if (++parts === 3) stream.abort();
    })(),
    (error) => error.name === 'AbortError',
  );
  assert.equal(parts, 3);
});
