// Every SDK in front of every provider: node matrix.mjs [--one-each] [--key KEY] GATEWAY PROVIDER[=PORT]... One line a
// check. --one-each: one SDK for each API. --key: the only one the gateway takes. The port is that of the fake behind a
// provider, which then has the models "cut" and "slow", and counts the clients that left.
//
// An SDK has the functions text, tools, picture and shaped, and in one place what it differs in:
// lacks(of, stream, provider) is why it has no such case; faults(of, stream, provider) is what it gets wrong by itself:
// { why, shows }, where shows is how the check fails; told(tool, result, provider) is how it wraps a result. The cases:
// text, tools, calls (several), picture, shape, fails, cut, leaves, strays, key.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { check, skip } from './check.mjs';
import { agents } from './matrix-agents.mjs';
import { ai } from './matrix-ai.mjs';
import { anthropic } from './matrix-anthropic.mjs';
import { gemini } from './matrix-gemini.mjs';
import { langchain } from './matrix-langchain.mjs';
import { llamaindex } from './matrix-llamaindex.mjs';
import { mistral } from './matrix-mistral.mjs';
import { ollama } from './matrix-ollama.mjs';
import { openai } from './matrix-openai.mjs';

const { values, positionals } = parseArgs({
  options: { 'one-each': { type: 'boolean' }, key: { type: 'string' } },
  allowPositionals: true,
});
const [gateway, ...rest] = positionals;
const providers = rest.map((one) => one.split('='));
const few = values['one-each'];
const said = 'Grüße, 世界 👋🏽';
const reply = `You said: ${said} 🎉👩‍👩‍👧 ça va`;
const picture = 'iVBORw0KGgo=';
const city = { city: 'Zürich 🏔' };
// What models that fail answer, and what that is called by OpenAI, Anthropic and Google; Ollama has no name for it.
const failures = {
  missing: { status: 404, kinds: ['model_not_found', 'not_found_error', 'NOT_FOUND'] },
  limited: { status: 429, kinds: ['rate_limit_exceeded', 'rate_limit_error', 'RESOURCE_EXHAUSTED'] },
  picky: { status: 400, kinds: ['invalid_request_error', 'INVALID_ARGUMENT'] },
};
const unknown = { status: 401, kinds: ['invalid_api_key', 'authentication_error', 'UNAUTHENTICATED'] };
const all = [openai, anthropic, gemini, ollama, ...(few ? [] : [agents, ai, langchain, llamaindex, mistral])];

function assertIs({ status, kinds }, client, error) {
  assert.equal(client.status(error), status, String(error));
  const own = client.kinds?.(error) ?? kinds;
  assert.ok(own.some((kind) => kinds.includes(kind)), own.join());
}

async function clients(key) {
  const made = await Promise.all(all.map(async (make) => [await make(gateway, key)].flat().slice(0, few ? 1 : 9)));
  return made.flat();
}

const answered = (client, provider, ...results) => {
  const told = results.map(([name, said]) => client.told?.(name, said, provider) || said);
  return `The tool said: ${told.join(', ')}`;
};
const message = (client, error) => (client.message ? client.message(error) : error.message);
const mode = (stream) => (stream ? 'streamed' : 'whole');

/** Plays one case: skipped where the SDK lacks it; where the SDK is at fault, the fault must show. */
async function play(client, of, provider, stream, name, body) {
  const full = `${client.name} before ${provider}: ${name}`;
  const lacks = client.lacks?.(of, stream, provider);
  if (lacks) return skip(full, lacks);
  const fault = client.faults?.(of, stream, provider);
  if (!fault) return check(full, body);
  return check(`${full} (fault of the SDK)`, () => assert.rejects(body(), (error) => {
    assert.ok(fault.shows.test(error.message), `${fault.why} But: ${error.message}`);
    return true;
  }));
}

/** The client leaves, and the provider must get to know it. */
async function leave(client, provider, port, stream) {
  const slow = async () => (await fetch(`http://127.0.0.1:${port}/slow`)).json();
  const until = async (condition) => {
    for (let tries = 0; !condition(await slow()); tries++) {
      assert.ok(tries < 500, 'not within 5 s');
      await pause(10);
    }
  };
  const before = await slow();
  const abort = new AbortController();
  const left = assert.rejects(client.text(`${provider}/slow`, said, stream, abort.signal));
  left.catch(() => {});
  await until(({ waiting }) => waiting > before.waiting);
  abort.abort();
  await left;
  await until(({ left }) => left > before.left);
}

async function fails(client, provider, stream, failing, failure) {
  await assert.rejects(client.text(`${provider}/${failing}`, said, stream), (error) => {
    assertIs(failure, client, error);
    if (failure.status === 400) assert.match(message(client, error), /temperature/);
    // Omen does not say when, the gateway then guesses.
    if (failure.status === 429) assert.match(client.retryAfter?.(error) ?? '7', provider === 'omen' ? /^[1-9]/ : /^7$/);
    return true;
  });
}

async function cases(client, provider, port, stream) {
  const model = `${provider}/fake-large`;
  const run = (of, name, body) => play(client, of, provider, stream, `${name}, ${mode(stream)}`, body);

  await run('text', 'text, why it ends, what it took', async () => {
    const answer = await client.text(model, said, stream);
    assert.equal(answer.text, reply);
    assert.equal(answer.finish, client.stop);
    assert.deepEqual([answer.input, answer.output], [11, 5]);
  });

  await run('tools', 'a tool, and what it said', async () => {
    const { calls, answer } = await client.tools(model, said, ['weather'], () => '12 °C', stream);
    assert.deepEqual(calls, [{ name: 'weather', args: city }]);
    assert.equal(answer, answered(client, provider, ['weather', '12 °C']));
  });

  // Where it can, a client tells the last result first.
  await run('calls', 'two tools at once, and what each said', async () => {
    const names = ['weather', 'news'];
    const rain = ({ city }) => `rain in ${city}`;
    const { calls, answer } = await client.tools(model, 'Ask all of them.', names, rain, stream);
    assert.deepEqual(calls, names.map((name) => ({ name, args: { city: `${name} 🏔` } })));
    assert.equal(answer, answered(client, provider, ...names.map((name) => [name, `rain in ${name} 🏔`])));
  });

  await run('picture', 'a picture', async () => {
    assert.equal(await client.picture(model, 'What is on the pictures?', picture, stream), `I see ${picture}`);
  });

  await run('shape', 'an answer in a given shape', async () => {
    const shaped = client.shaped(model, said, stream);
    if (provider !== 'omen' || client.callsForShapes) return assert.deepEqual(await shaped, city);
    await assert.rejects(shaped, (error) => {
      assert.equal(client.status(error), 400, String(error));
      assert.match(message(client, error), /Omen has no word for a form its answer must have/);
      return true;
    });
  });

  for (const [failing, failure] of Object.entries(failures)) {
    const name = `a model that is ${failing}`;
    await run('fails', name, () => fails(client, provider, stream, failing, failure));
  }

  if (!port) return;
  await run('cut', 'an answer that is cut', async () => {
    await assert.rejects(client.text(`${provider}/cut`, said, stream), (error) => {
      if (!stream) assert.equal(client.status(error), 502, String(error));
      return true;
    });
  });
  await run('leaves', 'the caller leaves', () => leave(client, provider, port, stream));
}

// Each line is a check: what SDKs print is none.
for (const level of ['debug', 'info', 'warn', 'error']) console[level] = () => {};

// A rejection that nobody handles ends a process of Node's.
let strays = [];
process.on('unhandledRejection', (reason) => strays.push(reason));

for (const client of await clients(values.key ?? 'any')) {
  strays = [];
  await Promise.all(providers.map(async ([provider, port]) => {
    for (const stream of [false, true]) await cases(client, provider, port, stream);
  }));
  await play(client, 'strays', 'all', true, 'every rejection reaches the caller', async () => {
    assert.deepEqual(strays.map(String), []);
  });
}

for (const client of values.key ? await clients('nobodys-key') : []) {
  await play(client, 'key', 'openai', false, 'a key that nobody made', async () => {
    await assert.rejects(client.text('openai/fake-large', said, false), (error) => {
      assertIs(unknown, client, error);
      return true;
    });
  });
}
