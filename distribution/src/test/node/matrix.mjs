// Every SDK in front of every provider: node matrix.mjs [--one-each] GATEWAY PROVIDER... One line a check.
// --one-each: of several SDKs that speak one language only the first.
import assert from 'node:assert/strict';
import { check } from './check.mjs';
import { ai } from './matrix-ai.mjs';
import { anthropic } from './matrix-anthropic.mjs';
import { gemini } from './matrix-gemini.mjs';
import { langchain } from './matrix-langchain.mjs';
import { ollama } from './matrix-ollama.mjs';
import { openai } from './matrix-openai.mjs';

const few = process.argv[2] === '--one-each';
const [gateway, ...providers] = process.argv.slice(few ? 3 : 2);
const said = 'Grüße, 世界 👋🏽';
const reply = `You said: ${said} 🎉👩‍👩‍👧 ça va`;
const picture = 'iVBORw0KGgo=';
const city = { city: 'Zürich 🏔' };
const all = [openai, anthropic, gemini, ollama, ...(few ? [] : [ai, langchain])];
const clients = await Promise.all(all.map(async (make) => [await make(gateway)].flat().slice(0, few ? 1 : 9)));

for (const client of clients.flat()) {
  for (const provider of providers) {
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
        const { args, answer } = await client.tool(model, said, '12 °C', stream);
        assert.deepEqual(args, city);
        assert.equal(answer, 'The tool said: 12 °C');
      });

      await check(name('a picture'), async () => {
        assert.equal(await client.picture(model, 'What is on the pictures?', picture, stream), `I see ${picture}`);
      });

      await check(name('an answer in a given shape'), async () => {
        assert.deepEqual(await client.shaped(model, said, stream), city);
      });

      for (const [failing, status] of [['missing', 404], ['limited', 429]]) {
        await check(name(`a model that is ${failing}`), async () => {
          await assert.rejects(client.text(`${provider}/${failing}`, said, stream), (error) => {
            assert.equal(client.status(error), status, String(error));
            return true;
          });
        });
      }
    }
  }
}
