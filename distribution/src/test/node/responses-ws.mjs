// The official OpenAI SDK's Responses over WebSocket, and ws by itself: node responses-ws.mjs BASE_URL MODEL. One line a check.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';
import WebSocket from 'ws';
import { check } from './check.mjs';

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none' });
const reply = (said) => `You said: ${said} 🎉👩‍👩‍👧 ça va`;

const answered = (socket, request) =>
  new Promise((resolve, reject) => {
    let text = '';
    const delta = (event) => (text += event.delta);
    const done = (event) => {
      socket.off('response.output_text.delta', delta);
      socket.off('response.completed', done);
      resolve({ text, id: event.response.id });
    };
    socket.on('response.output_text.delta', delta);
    socket.on('response.completed', done);
    socket.once('error', reject);
    socket.send({ type: 'response.create', model, store: false, ...request });
  });

await check('the SDK chains turns on one socket', async () => {
  const socket = new ResponsesWS(client);
  const first = await answered(socket, { input: 'one' });
  assert.equal(first.text, reply('one'));
  const second = await answered(socket, {
    input: [{ role: 'user', content: 'two' }],
    previous_response_id: first.id,
  });
  assert.equal(second.text, reply('two'));
  socket.close();
});

await check('the SDK hears of an error', async () => {
  const socket = new ResponsesWS(client);
  const error = await new Promise((resolve) => {
    socket.on('error', resolve);
    socket.send({ type: 'response.create', model: 'nobody-has-this', input: 'hi' });
  });
  assert.match(String(error.message ?? error), /nobody-has-this/);
  socket.close();
});

await check('ws, which offers compression', async () => {
  const socket = new WebSocket(`${baseURL.replace('http', 'ws')}/responses`, { perMessageDeflate: true });
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  const said = 'x'.repeat(100_000);
  let text = '';
  await new Promise((resolve, reject) => {
    socket.on('message', (data) => {
      const event = JSON.parse(data);
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') resolve();
      if (event.type === 'error') reject(new Error(event.error.message));
    });
    socket.send(JSON.stringify({ type: 'response.create', model, input: said }));
  });
  assert.equal(text, reply(said));
  socket.close(1000);
  await new Promise((resolve) => socket.on('close', resolve));
});
