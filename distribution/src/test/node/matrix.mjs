// Every SDK in front of every provider: node matrix.mjs [--one-each] [--key KEY] GATEWAY PROVIDER[=PORT]... One line a
// check. --one-each: of several SDKs that speak one language only the first. --key: the only one the gateway takes. The
// port is that of the fake behind a provider, which then has the models "cut" and "slow", and tells who left.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { check } from './check.mjs';
import { ai } from './matrix-ai.mjs';
import { anthropic } from './matrix-anthropic.mjs';
import { gemini } from './matrix-gemini.mjs';
import { langchain } from './matrix-langchain.mjs';
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
const all = [openai, anthropic, gemini, ollama, ...(few ? [] : [ai, langchain])];

function assertIs({ status, kinds }, client, error) {
  assert.equal(client.status(error), status, String(error));
  const own = client.kinds?.(error) ?? kinds;
  assert.ok(own.some((kind) => kinds.includes(kind)), own.join());
}

async function clients(key) {
  const made = await Promise.all(all.map(async (make) => [await make(gateway, key)].flat().slice(0, few ? 1 : 9)));
  return made.flat();
}

/** Leaves all providers at once, each of which must come to know it. */
async function leave(client, stream) {
  const leaving = providers.filter(([, port]) => port).map(async ([provider, port]) => {
    const slow = async () => (await fetch(`http://127.0.0.1:${port}/slow`)).json();
    const until = async (condition) => {
      for (let tries = 0; !condition(await slow()); tries++) {
        assert.ok(tries < 500, 'not within 5 s');
        await pause(10);
      }
    };
    await check(`${client.name} before ${provider}: the caller leaves, ${stream ? 'streamed' : 'whole'}`, async () => {
      const before = await slow();
      const abort = new AbortController();
      const left = assert.rejects(client.text(`${provider}/slow`, said, stream, abort.signal));
      await until(({ waiting }) => waiting > before.waiting);
      abort.abort();
      await left;
      await until(({ left }) => left > before.left);
    });
  });
  await Promise.all(leaving);
}

for (const client of await clients(values.key ?? 'any')) {
  for (const [provider, port] of providers) {
    const model = `${provider}/fake-large`;
    for (const stream of [false, true]) {
      const name = (of) => `${client.name} before ${provider}: ${of}, ${stream ? 'streamed' : 'whole'}`;

      await check(name('text, why it ends, what it took'), async () => {
        const answer = await client.text(model, said, stream);
        assert.equal(answer.text, reply);
        assert.equal(answer.finish, client.stop);
        assert.deepEqual([answer.input, answer.output], [11, 5]);
      });

      await check(name('a tool, and what it said'), async () => {
        const { calls, answer } = await client.tools(model, said, ['weather'], () => '12 °C', stream);
        assert.deepEqual(calls, [{ name: 'weather', args: city }]);
        assert.equal(answer, 'The tool said: 12 °C');
      });

      // Where it can, a client tells the last result first.
      await check(name('two tools at once, and what each said'), async () => {
        const names = ['weather', 'news'];
        const run = ({ city }) => `rain in ${city}`;
        const { calls, answer } = await client.tools(model, 'Ask all of them.', names, run, stream);
        assert.deepEqual(calls, names.map((name) => ({ name, args: { city: `${name} 🏔` } })));
        assert.equal(answer, 'The tool said: rain in weather 🏔, rain in news 🏔');
      });

      await check(name('a picture'), async () => {
        assert.equal(await client.picture(model, 'What is on the pictures?', picture, stream), `I see ${picture}`);
      });

      await check(name('an answer in a given shape'), async () => {
        const shaped = client.shaped(model, said, stream);
        if (provider !== 'omen' || client.callsForShapes) return assert.deepEqual(await shaped, city);
        await assert.rejects(shaped, (error) => {
          assert.equal(client.status(error), 400, String(error));
          assert.match(error.message, /Omen has no word for a form its answer must have/);
          return true;
        });
      });

      for (const [failing, failure] of Object.entries(failures)) {
        await check(name(`a model that is ${failing}`), async () => {
          await assert.rejects(client.text(`${provider}/${failing}`, said, stream), (error) => {
            assertIs(failure, client, error);
            if (failure.status === 400) assert.match(error.message, /temperature/);
            // Omen does not say when, the gateway then guesses.
            if (failure.status === 429) assert.match(client.retryAfter?.(error) ?? '7', provider === 'omen' ? /^[1-9]/ : /^7$/);
            return true;
          });
        });
      }

      if (port) {
        await check(name('an answer that is cut'), async () => {
          await assert.rejects(client.text(`${provider}/cut`, said, stream), (error) => {
            if (!stream) assert.equal(client.status(error), 502, String(error));
            return true;
          });
        });
      }
    }
  }
  for (const stream of client.leaves ?? [false, true]) await leave(client, stream);
}

for (const client of values.key ? await clients('nobodys-key') : []) {
  await check(`${client.name}: a key that nobody made`, async () => {
    await assert.rejects(client.text('openai/fake-large', said, false), (error) => {
      assertIs(unknown, client, error);
      return true;
    });
  });
}
