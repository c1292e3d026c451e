// The numbers of the network, as they are written in the page: float32, float16 or int8, compressed
// (zlib) and in base64.

const data = JSON.parse($("data").textContent);

function bytesOf(text) {
  const characters = atob(text), bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

async function inflated(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

// A float16 of its 16 bits: sign, 5 bits of exponent, 10 of the fraction.
function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const DECODERS = {
  float32: async ({ bytes }) => new Float32Array(await inflated(bytes)),
  float16: async ({ bytes }) => Float32Array.from(new Uint16Array(await inflated(bytes)), fromHalf),
  async int8({ bytes, steps }) { // one step for each number of the last axis: value = integer x step
    const sizes = new Float32Array(await inflated(steps));
    const integers = new Int8Array(await inflated(bytes));
    return Float32Array.from(integers, (integer, i) => integer * sizes[i % sizes.length]);
  },
};

// The steps of the network with their arrays decoded, each with the shape of its input.
async function withArrays(steps, input) {
  const complete = [];
  for (const step of steps) {
    const arrays = {};
    for (const [name, array] of Object.entries(step.arrays)) arrays[name] = await DECODERS[array.type](array);
    const [branch, shortcut] = [await withArrays(step.branch, input), await withArrays(step.shortcut, input)];
    complete.push({ ...step, arrays, input, branch, shortcut });
    input = step.shape;
  }
  return complete;
}
