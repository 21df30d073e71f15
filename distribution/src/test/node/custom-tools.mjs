// The official OpenAI SDK with the tools of a coding agent: node custom-tools.mjs BASE_URL MODEL. One line a check.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { check } from './check.mjs';

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0, timeout: 20_000 });
const patch = '*** Begin Patch\n+"é 😀"\n*** End Patch';
const tools = [
  {
    type: 'namespace',
    name: 'agents',
    description: 'sub-agents',
    tools: [{ type: 'function', name: 'close', parameters: { type: 'object', properties: {} }, strict: false }],
  },
  {
    type: 'custom',
    name: 'apply_patch',
    description: 'Edits files',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: /.+/s' },
  },
  { type: 'web_search' },
];

await check(`${model}: custom and namespaced tools, gathered from a stream`, async () => {
  const stream = client.responses.stream({ model, input: 'go', tools, store: false });
  let text = '';
  stream.on('response.custom_tool_call_input.delta', (event) => {
    text += event.delta;
  });
  const answer = await stream.finalResponse();
  assert.equal(text, patch);
  const [close, apply] = answer.output;
  assert.deepEqual([close.type, close.namespace, close.name], ['function_call', 'agents', 'close']);
  assert.deepEqual([apply.type, apply.name, apply.input], ['custom_tool_call', 'apply_patch', patch]);
  const input = [
    { role: 'user', content: 'go' },
    ...answer.output,
    { type: 'function_call_output', call_id: close.call_id, output: 'closed' },
    { type: 'custom_tool_call_output', call_id: apply.call_id, output: 'done' },
  ];
  const second = await client.responses.stream({ model, input, tools, store: false }).finalResponse();
  assert.equal(second.output[1].input, patch);
});
