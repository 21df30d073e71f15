// @grpc/grpc-js with the original's field numbers: node grpc.mjs ADDRESS PROTO. One line a check.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { check } from './check.mjs';

const [address, proto] = process.argv.slice(2);
const definition = loader.loadSync(proto, { keepCase: true, longs: Number, defaults: true, oneofs: true });
const { ThanosService } = grpc.loadPackageDefinition(definition).thanos;
const client = new ThanosService(address, grpc.credentials.createInsecure());
const said = 'Grüße, 世界 👋🏽';
const reply = `You said: ${said} 🎉👩‍👩‍👧 ça va`;

function chat(request) {
  return new Promise((resolve, reject) => {
    const all = [];
    const call = client.ChatCompletion({ messages: [{ role: 'user', content: said }], ...request });
    call.on('data', (message) => all.push(message));
    call.on('error', reject);
    call.on('end', () => resolve(all));
  });
}

function unary(method) {
  return new Promise((resolve, reject) => {
    client[method]({}, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

function isWhole(all, provider, text) {
  assert.equal(all.map((message) => message.content).join(''), text);
  assert.ok(all.every((message) => message.provider === provider && message.model));
  const last = all.at(-1);
  assert.equal(last.done, true);
  assert.equal(last.finish_reason, 'stop');
  assert.ok(last.usage.total_tokens > 0);
  assert.ok(all.slice(0, -1).every((message) => !message.done));
}

await check('echo, streamed', async () => {
  const all = await chat({ model: 'echo/echo', stream: true });
  assert.ok(all.length > 2, `${all.length} messages`);
  isWhole(all, 'echo', said);
});

await check('echo, whole', async () => {
  const all = await chat({ model: 'echo/echo', stream: false });
  assert.equal(all.length, 1);
  isWhole(all, 'echo', said);
});

await check('openai, streamed', async () => isWhole(await chat({ model: 'openai/fake-large', stream: true }), 'openai', reply));

await check('openai, whole, with every field', async () => {
  const all = await chat({
    model: 'openai/fake-large',
    temperature: 0.7,
    max_tokens: 64,
    top_p: 0.9,
    system: 'Be brief.',
  });
  assert.equal(all.length, 1);
  isWhole(all, 'openai', reply);
});

await check('the models', async () => {
  const { models } = await unary('ListModels');
  const large = models.find((model) => model.id === 'openai/fake-large');
  assert.equal(large?.provider, 'openai');
  assert.ok(models.some((model) => model.id === 'echo/echo'));
});

await check('the health', async () => {
  const health = await unary('Health');
  // A provider that an earlier check had refuse or fail may be set aside still.
  assert.ok(['healthy', 'degraded'].includes(health.status), health.status);
  assert.ok(health.providers.some((provider) => provider.name === 'echo' && provider.status === 'healthy'));
  assert.ok(health.uptime >= 0);
});

async function failsWith(code, request) {
  await assert.rejects(chat(request), (error) => {
    assert.equal(error.code, code, `${error.code} ${error.details}`);
    assert.ok(error.details.length > 10);
    return true;
  });
}

await check('an unknown model is NOT_FOUND', () => failsWith(grpc.status.NOT_FOUND, { model: 'openai/missing' }));
await check('an unknown name is NOT_FOUND', () => failsWith(grpc.status.NOT_FOUND, { model: 'nobody-has-this' }));
await check('a rate limit is RESOURCE_EXHAUSTED', () =>
  failsWith(grpc.status.RESOURCE_EXHAUSTED, { model: 'openai/limited' }));
await check('a wrong request is INVALID_ARGUMENT', () =>
  failsWith(grpc.status.INVALID_ARGUMENT, { model: 'openai/picky' }));
await check('no messages is INVALID_ARGUMENT', () =>
  failsWith(grpc.status.INVALID_ARGUMENT, { model: 'echo/echo', messages: [] }));

await check('a call the caller leaves', async () => {
  const call = client.ChatCompletion({ model: 'echo/echo', stream: true, messages: [{ role: 'user', content: said }] });
  await new Promise((resolve) => {
    call.on('data', () => call.cancel());
    call.on('error', (error) => resolve(assert.equal(error.code, grpc.status.CANCELLED)));
    call.on('end', resolve);
  });
});
client.close();
