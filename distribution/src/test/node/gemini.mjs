// Google's own SDK for Node: node gemini.mjs BASE_URL KEY MODEL UPSTREAM. One line a check.
import assert from 'node:assert/strict';
import { GoogleGenAI } from '@google/genai';
import { check } from './check.mjs';

const [baseUrl, apiKey, model, upstream] = process.argv.slice(2);
const ai = new GoogleGenAI({ apiKey, httpOptions: { baseUrl, timeout: 20_000 } });
const prefix = model.slice(0, model.indexOf('/') + 1);
const echo = upstream === 'echo';
const said = 'Grüße, 世界 👋🏽';
const replyTo = (text) => (echo ? text : `You said: ${text} 🎉👩‍👩‍👧 ça va`);
const weather = {
  name: 'weather',
  description: 'The weather of a city',
  parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const tools = [{ functionDeclarations: [weather] }];
const asksForTool = echo ? 'weather' : said;

await check('a whole answer', async () => {
  const answer = await ai.models.generateContent({ model, contents: said });
  assert.equal(answer.text, replyTo(said));
  assert.equal(answer.candidates[0].finishReason, 'STOP');
  assert.ok(answer.responseId);
  if (!echo) assert.equal(answer.usageMetadata.totalTokenCount, 16);
  if (!echo) assert.equal(answer.usageMetadata.cachedContentTokenCount, 3);
});

await check('a stream, text exact, finish and usage in its last piece', async () => {
  const pieces = [];
  for await (const piece of await ai.models.generateContentStream({ model, contents: said })) pieces.push(piece);
  assert.equal(pieces.map((piece) => piece.text ?? '').join(''), replyTo(said));
  assert.ok(pieces.length > 2);
  assert.equal(new Set(pieces.map((piece) => piece.responseId)).size, 1);
  assert.equal(pieces.at(-1).candidates[0].finishReason, 'STOP');
  assert.ok(pieces.at(-1).usageMetadata.totalTokenCount > 0);
  assert.ok(pieces.slice(0, -1).every((piece) => !piece.candidates[0].finishReason));
});

await check('a chat with instructions and settings', async () => {
  const chat = ai.chats.create({
    model,
    config: {
      systemInstruction: 'Be brief.',
      temperature: 0.5,
      topP: 0.9,
      maxOutputTokens: 100,
      stopSequences: ['never said'],
      seed: 7,
    },
  });
  assert.equal((await chat.sendMessage({ message: 'one' })).text, replyTo('one'));
  let text = '';
  for await (const piece of await chat.sendMessageStream({ message: 'two' })) text += piece.text ?? '';
  assert.equal(text, replyTo('two'));
  assert.equal(chat.getHistory(true).filter((content) => content.role === 'user').length, 2);
});

await check('a tool, its result, and the answer', async () => {
  const contents = [{ role: 'user', parts: [{ text: asksForTool }] }];
  const asks = await ai.models.generateContent({ model, contents, config: { tools } });
  const [call] = asks.functionCalls;
  assert.equal(call.name, 'weather');
  assert.equal(typeof call.args.city, 'string');
  const { id, name } = call;
  contents.push(asks.candidates[0].content, {
    role: 'user',
    parts: [{ functionResponse: { id, name, response: { output: '12 °C' } } }],
  });
  const answer = await ai.models.generateContent({ model, contents, config: { tools } });
  assert.equal(answer.text, echo ? '12 °C' : 'The tool said: 12 °C');
});

await check('a streamed tool call', async () => {
  const calls = [];
  const config = { tools, toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['weather'] } } };
  for await (const piece of await ai.models.generateContentStream({ model, contents: asksForTool, config })) {
    calls.push(...(piece.functionCalls ?? []));
  }
  assert.equal(calls.length, 1);
  assert.equal(calls[0].name, 'weather');
  if (!echo) assert.deepEqual(calls[0].args, { city: 'Zürich 🏔' });
});

await check('an image beside a text', async () => {
  const parts = [{ text: 'look' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }];
  const answer = await ai.models.generateContent({ model, contents: [{ role: 'user', parts }] });
  assert.equal(answer.text, replyTo('look'));
});

if (upstream !== 'openai') {
  await check('structured output by either kind of schema', async () => {
    const json = { responseMimeType: 'application/json' };
    const properties = { answer: { type: 'string' } };
    const responseJsonSchema = { type: 'object', properties, required: ['answer'] };
    const responseSchema = { type: 'OBJECT', properties: { answer: { type: 'STRING' } }, required: ['answer'] };
    for (const config of [{ ...json, responseJsonSchema }, { ...json, responseSchema }]) {
      const answer = await ai.models.generateContent({ model, contents: 'hello', config });
      assert.equal(typeof JSON.parse(answer.text).answer, 'string');
    }
  });
}

await check('the list of models, and one of it', async () => {
  const names = [];
  for await (const one of await ai.models.list()) names.push(one.name);
  assert.ok(names.includes(`models/${model}`), names.join());
  const one = await ai.models.get({ model });
  assert.equal(one.name, `models/${model}`);
  assert.ok(one.supportedActions.includes('generateContent'));
});

for (const stream of echo ? [] : [false, true]) {
  const verb = stream ? 'generateContentStream' : 'generateContent';
  for (const [name, status] of [
    ['missing', 404],
    ['limited', 429],
    ['picky', 400],
  ]) {
    await check(`${verb} of a model that answers ${status}`, async () => {
      await assert.rejects(ai.models[verb]({ model: prefix + name, contents: said }), (error) => {
        assert.equal(error.name, 'ApiError');
        assert.equal(error.status, status);
        assert.equal(JSON.parse(error.message).error.code, status);
        return true;
      });
    });
  }
}

await check('a stream the caller leaves', async () => {
  const abort = new AbortController();
  const config = { abortSignal: abort.signal };
  await assert.rejects(async () => {
    for await (const piece of await ai.models.generateContentStream({ model, contents: said, config })) {
      assert.ok(piece.responseId);
      abort.abort();
    }
    throw new DOMException('it was over before', 'AbortError');
  }, { name: 'AbortError' });
});
