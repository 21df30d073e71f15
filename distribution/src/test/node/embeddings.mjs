// Embeddings and token counts by every SDK in front of every provider: node embeddings.mjs GATEWAY. One line a check.
import assert from 'node:assert/strict';
import { check } from './check.mjs';

const [gateway] = process.argv.slice(2);
const makers = ['openai', 'compatible', 'gemini', 'ollama', 'omen'];
const texts = ['Grüße', '世界 👋🏽!'];
const vectors = [[5, 0.5, -1.25], [6, 0.5, -1.25]];
const short = [[5, 0.5], [6, 0.5]];
// Who counts for those that ask; the others' counts are estimates.
const counters = ['anthropic', 'gemini'];
const providers = [...makers, 'anthropic', 'xai'];

// A model that nobody has, and one that is limited.
const failing = { missing: 404, limited: 429 };

async function fails(sdk, provider, field, ask) {
  await check(`${sdk} before ${provider}: models that fail`, async () => {
    for (const [model, status] of Object.entries(failing)) {
      await assert.rejects(ask(`${provider}/${model}`), (error) => error[field] === status, `${model}: ${status}`);
    }
  });
}

function counted(provider, tokens, estimated) {
  if (counters.includes(provider)) {
    assert.equal(tokens, 31);
    assert.equal(estimated ?? null, null);
  } else {
    assert.ok(tokens > 0 && tokens < 31, `${tokens} tokens`);
    assert.equal(estimated, 'true');
  }
}

async function openai() {
  const { default: OpenAI } = await import('openai');
  const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: 'any', maxRetries: 0, timeout: 20_000 });
  const embed = (provider, request) => client.embeddings.create({ model: `${provider}/embedder`, input: texts, ...request });
  for (const provider of makers) {
    // Without a format the SDK asks for base64 and takes it apart.
    for (const encoding_format of [undefined, 'float']) {
      await check(`openai before ${provider}: vectors, format ${encoding_format}`, async () => {
        const { data, usage } = await embed(provider, { encoding_format });
        assert.deepEqual(data.map((one) => [...one.embedding]), vectors);
        assert.deepEqual(data.map((one) => one.index), [0, 1]);
        assert.equal(usage.prompt_tokens, 7);
      });
    }
    await check(`openai before ${provider}: base64`, async () => {
      const { data } = await embed(provider, { encoding_format: 'base64', input: texts[0] });
      const bytes = Uint8Array.from(Buffer.from(data[0].embedding, 'base64'));
      assert.deepEqual([...new Float32Array(bytes.buffer)], vectors[0]);
    });
    await check(`openai before ${provider}: fewer dimensions`, async () => {
      const { data } = await embed(provider, { dimensions: 2 });
      assert.deepEqual(data.map((one) => [...one.embedding]), short);
    });
    await check(`openai before ${provider}: tokens`, async () => {
      const asked = embed(provider, { input: [[1, 2, 3]] });
      if (['openai', 'compatible', 'omen'].includes(provider)) {
        assert.equal((await asked).data[0].embedding[0], 3);
      } else {
        await assert.rejects(asked, ({ status, message }) => status === 400 && message.includes('"input"'));
      }
    });
  }
  for (const provider of makers) {
    await fails('openai', provider, 'status', (model) => client.embeddings.create({ model, input: texts }));
  }
  for (const provider of ['anthropic', 'xai']) {
    await check(`openai before ${provider}: nobody makes vectors there`, async () => {
      await assert.rejects(embed(provider), { status: 400, code: 'unsupported' });
    });
  }
}

async function langchain() {
  const { OpenAIEmbeddings } = await import('@langchain/openai');
  const embedder = (provider, more) =>
    new OpenAIEmbeddings({
      model: `${provider}/embedder`,
      apiKey: 'any',
      maxRetries: 0,
      timeout: 20_000,
      configuration: { baseURL: `${gateway}/v1` },
      ...more,
    });
  for (const provider of makers) {
    for (const encodingFormat of [undefined, 'float']) {
      await check(`@langchain/openai before ${provider}: vectors, format ${encodingFormat}`, async () => {
        const made = await embedder(provider, { encodingFormat }).embedDocuments(texts);
        assert.deepEqual(made.map((one) => [...one]), vectors);
      });
    }
    await check(`@langchain/openai before ${provider}: one vector of fewer dimensions`, async () => {
      assert.deepEqual([...(await embedder(provider, { dimensions: 2 }).embedQuery(texts[0]))], short[0]);
    });
  }
  for (const provider of makers) {
    await fails('@langchain/openai', provider, 'status', (model) => embedder(provider, { model }).embedQuery(texts[0]));
  }
  await check('@langchain/openai before anthropic: nobody makes vectors there', async () => {
    await assert.rejects(embedder('anthropic').embedQuery(texts[0]), { status: 400 });
  });
}

async function ai() {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const { embed, embedMany } = await import('ai');
  const compatible = createOpenAICompatible({ name: 'thanos', baseURL: `${gateway}/v1`, apiKey: 'any' });
  const asked = (provider) => ({ model: compatible.embeddingModel(`${provider}/embedder`), maxRetries: 0 });
  for (const provider of makers) {
    await check(`ai before ${provider}: vectors`, async () => {
      const { embeddings, usage } = await embedMany({ ...asked(provider), values: texts });
      assert.deepEqual(embeddings, vectors);
      assert.equal(usage.tokens, 7);
    });
    await check(`ai before ${provider}: one vector of fewer dimensions`, async () => {
      const providerOptions = { thanos: { dimensions: 2 } };
      const { embedding } = await embed({ ...asked(provider), value: texts[0], providerOptions });
      assert.deepEqual(embedding, short[0]);
    });
  }
  for (const provider of makers) {
    await fails('ai', provider, 'statusCode', (model) =>
      embed({ model: compatible.embeddingModel(model), maxRetries: 0, value: texts[0] }),
    );
  }
  await check('ai before anthropic: nobody makes vectors there', async () => {
    await assert.rejects(embed({ ...asked('anthropic'), value: texts[0] }), { statusCode: 400 });
  });
}

async function gemini() {
  const { GoogleGenAI } = await import('@google/genai');
  const { models } = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: gateway, timeout: 20_000 } });
  for (const provider of makers) {
    const model = `${provider}/embedder`;
    await check(`@google/genai before ${provider}: vectors`, async () => {
      const { embeddings } = await models.embedContent({ model, contents: texts });
      assert.deepEqual(embeddings.map((one) => one.values), vectors);
    });
    await check(`@google/genai before ${provider}: one vector of fewer dimensions`, async () => {
      const config = { outputDimensionality: 2, taskType: 'RETRIEVAL_QUERY' };
      const { embeddings, sdkHttpResponse } = await models.embedContent({ model, contents: texts[0], config });
      assert.deepEqual(embeddings.map((one) => one.values), short.slice(0, 1));
      assert.equal(sdkHttpResponse.headers['x-thanos-dropped'], provider === 'gemini' ? undefined : 'taskType');
    });
  }
  for (const provider of makers) {
    await fails('@google/genai', provider, 'status', (model) => models.embedContent({ model, contents: texts }));
  }
  for (const provider of providers) {
    await check(`@google/genai before ${provider}: a count`, async () => {
      const { totalTokens, sdkHttpResponse } = await models.countTokens({
        model: `${provider}/fake-large`,
        contents: 'How many are these?',
      });
      counted(provider, totalTokens, sdkHttpResponse.headers['x-thanos-estimated']);
    });
  }
}

async function ollama() {
  const { Ollama } = await import('ollama');
  const client = new Ollama({ host: gateway });
  for (const provider of makers) {
    const model = `${provider}/embedder`;
    await check(`ollama before ${provider}: vectors`, async () => {
      const { embeddings, prompt_eval_count } = await client.embed({ model, input: texts });
      assert.deepEqual(embeddings, vectors);
      assert.equal(prompt_eval_count, 7);
    });
    await check(`ollama before ${provider}: fewer dimensions`, async () => {
      const { embeddings } = await client.embed({ model, input: texts[0], dimensions: 2, truncate: true });
      assert.deepEqual(embeddings, short.slice(0, 1));
    });
    await check(`ollama before ${provider}: one vector the old way`, async () => {
      assert.deepEqual((await client.embeddings({ model, prompt: texts[0] })).embedding, vectors[0]);
    });
    await fails('ollama', provider, 'status_code', (failed) => client.embed({ model: failed, input: texts }));
  }
}

async function anthropic() {
  const { default: Anthropic } = await import('@anthropic-ai/sdk');
  const { messages } = new Anthropic({ baseURL: gateway, apiKey: 'any', maxRetries: 0, timeout: 20_000 });
  const count = (provider, options) =>
    messages
      .countTokens(
        { model: `${provider}/fake-large`, system: 'Be brief.', messages: [{ role: 'user', content: 'How many?' }] },
        options,
      )
      .withResponse();
  for (const provider of providers) {
    await check(`@anthropic-ai/sdk before ${provider}: a count`, async () => {
      const { data, response } = await count(provider);
      counted(provider, data.input_tokens, response.headers.get('x-thanos-estimated'));
    });
  }
  await check('@anthropic-ai/sdk before anthropic: a count with the headers of its language', async () => {
    const { data } = await count('anthropic', { headers: { 'anthropic-beta': 'fake-2026-01-01' } });
    assert.equal(data.input_tokens, 32);
  });
}

for (const sdk of [openai, langchain, ai, gemini, ollama, anthropic]) await sdk();
