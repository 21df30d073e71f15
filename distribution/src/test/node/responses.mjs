// The official OpenAI SDK's Responses and legacy completions: node responses.mjs BASE_URL MODEL KIND. One line a check.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { check } from './check.mjs';

const [baseURL, model, kind] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0, timeout: 20_000 });
const prefix = model.slice(0, model.lastIndexOf('/') + 1);
const relayed = kind === 'relay';
const said = 'Grüße, 世界 👋🏽';
const reply = `You said: ${said} 🎉👩‍👩‍👧 ça va`;
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const tools = [{ type: 'function', name: 'weather', parameters, strict: false }];

await check('a whole answer', async () => {
  const answer = await client.responses.create({ model, input: said, instructions: 'Be brief.', metadata: { a: 'b' } });
  assert.equal(answer.output_text, reply);
  assert.equal(answer.object, 'response');
  assert.equal(answer.status, 'completed');
  assert.equal(answer.error, null);
  assert.match(answer.id, /^resp_/);
  assert.equal(answer.usage.output_tokens, 5);
  assert.equal(answer.usage.total_tokens, 16);
  if (!relayed) {
    assert.equal(answer.instructions, 'Be brief.');
    assert.deepEqual(answer.metadata, { a: 'b' });
    assert.equal(answer.store, false);
  }
});

await check('a stream, its events numbered, its steps adding up to its end', async () => {
  const stream = await client.responses.create({ model, input: [{ role: 'user', content: said }], stream: true });
  let text = '';
  let last;
  let number = 0;
  for await (const event of stream) {
    assert.equal(event.sequence_number, number++);
    if (event.type === 'response.output_text.delta') text += event.delta;
    last = event;
  }
  assert.equal(text, reply);
  assert.equal(last.type, 'response.completed');
  assert.equal(last.response.output.find((item) => item.type === 'message').content[0].text, reply);
  assert.equal(last.response.usage.total_tokens, 16);
});

await check('the helper that gathers a stream', async () => {
  const stream = client.responses.stream({ model, input: said });
  let text = '';
  stream.on('response.output_text.delta', (event) => {
    text += event.delta;
    assert.equal(event.snapshot, text);
  });
  const answer = await stream.finalResponse();
  assert.equal(answer.output_text, reply);
});

for (const streamed of [false, true]) {
  await check(`a tool called and answered, ${streamed ? 'streamed' : 'whole'}`, async () => {
    const ask = async (input) => {
      const body = { model, input, tools };
      return streamed ? client.responses.stream(body).finalResponse() : client.responses.create(body);
    };
    const input = [{ role: 'user', content: said }];
    const first = await ask(input);
    const call = first.output.find((item) => item.type === 'function_call');
    assert.equal(call.name, 'weather');
    assert.deepEqual(JSON.parse(call.arguments), { city: 'Zürich 🏔' });
    const result = { type: 'function_call_output', call_id: call.call_id, output: '12 °C' };
    const second = await ask([...input, ...first.output, result]);
    assert.equal(second.output_text, 'The tool said: 12 °C');
  });
}

if (kind !== 'compatible') {
  await check('reasoning, given back in the next turn', async () => {
    const asked = { model, reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'], store: false };
    for (const streamed of [false, true]) {
      const ask = (input) =>
        streamed
          ? client.responses.stream({ ...asked, input }).finalResponse()
          : client.responses.create({ ...asked, input });
      const input = [{ role: 'user', content: said }];
      const first = await ask(input);
      const thought = first.output.find((item) => item.type === 'reasoning');
      assert.match(thought.summary[0].text, /^let me /i);
      assert.equal(first.output_text, reply);
      const second = await ask([...input, ...first.output, { role: 'user', content: said }]);
      assert.equal(second.output_text, reply);
    }
  });

  await check('structured output', async () => {
    const text = { format: { type: 'json_schema', name: 'place', strict: true, schema: parameters } };
    const answer = await client.responses.parse({ model, input: said, text });
    assert.equal(typeof answer.output_parsed, 'object');
    const streamed = await client.responses.stream({ model, input: said, text }).finalResponse();
    assert.deepEqual(JSON.parse(streamed.output_text), answer.output_parsed);
  });
}

if (!relayed) {
  for (const [field, more] of [
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['background', { background: true }],
    ['tool_choice', { tools: [{ type: 'web_search' }], tool_choice: 'required' }],
  ]) {
    await check(`what needs OpenAI itself is refused by its name: ${field}`, async () => {
      await assert.rejects(
        client.responses.create({ model, input: said, ...more }),
        (error) => error.status === 400 && error.code === 'unsupported' && error.param === field,
      );
    });
  }

  await check('a hint without a counterpart, named', async () => {
    const { response } = await client.responses.create({ model, input: said, truncation: 'auto' }).withResponse();
    assert.equal(response.headers.get('x-thanos-dropped'), 'truncation');
  });
}

await check('a mistake, and a model that is not there', async () => {
  if (!relayed) {
    await assert.rejects(client.responses.create({ model, input: [] }), (error) => error.status === 400 && error.param === 'input');
    const missing = kind === 'anthropic' ? 'claude-missing' : 'missing';
    await assert.rejects(client.responses.create({ model: prefix + missing, input: said }), (error) => error.code === 'model_not_found');
  }
  await assert.rejects(client.responses.create({ model: '', input: said }), (error) => error.status === 400 && error.param === 'model');
});

if (kind !== 'compatible') {
  await check('a stream that fails in the middle', async () => {
    const broken = prefix + (kind === 'anthropic' ? 'claude-breaks' : 'broken');
    const stream = await client.responses.create({ model: broken, input: said, stream: true });
    const types = [];
    await assert.rejects(async () => {
      for await (const event of stream) types.push(event.type);
    }, /broke|Overloaded|stopped|fail|ended/i);
    assert.ok(types.includes('response.output_text.delta'));
    assert.ok(!types.includes('response.completed'));
  });
}

await check('a completion, whole and streamed', async () => {
  const answer = await client.completions.create({ model, prompt: said, max_tokens: 50 });
  assert.equal(answer.object, 'text_completion');
  assert.equal(answer.choices[0].text, reply);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(answer.usage.total_tokens, 16);
  let text = '';
  let reason;
  for await (const chunk of await client.completions.create({ model, prompt: [said], max_tokens: 50, stream: true })) {
    text += chunk.choices[0].text;
    reason = chunk.choices[0].finish_reason ?? reason;
  }
  assert.equal(text, reply);
  assert.equal(reason, 'stop');
});

await check('several prompts, tokens and a suffix where they are known, else refused', async () => {
  const native = relayed || kind === 'compatible';
  if (native) {
    const both = await client.completions.create({ model, prompt: ['a', 'b'] });
    assert.deepEqual(both.choices.map((choice) => choice.index), [0, 1]);
    assert.equal((await client.completions.create({ model, prompt: 'a', suffix: '|end' })).choices[0].text.slice(-4), '|end');
    return;
  }
  for (const [field, more] of [['prompt', { prompt: ['a', 'b'] }], ['prompt', { prompt: [1, 2] }], ['best_of', { prompt: 'a', best_of: 2 }]]) {
    await assert.rejects(
      client.completions.create({ model, ...more }),
      (error) => error.status === 400 && error.code === 'unsupported' && error.param === field,
    );
  }
  const filled = client.completions.create({ model, prompt: 'a', suffix: 'b' });
  if (kind === 'ollama') {
    assert.match((await filled).choices[0].text, /You said: a/);
  } else {
    await assert.rejects(filled, (error) => error.status === 400 && error.code === 'unsupported' && /suffix/.test(error.message));
  }
});
