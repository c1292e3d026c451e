// The numbers of the network, as they are written in the page: base64 of float32, float16 or int8.

const data = JSON.parse($("data").textContent);

function bytesOf(text) {
  const characters = atob(text), bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

// A float16 of its 16 bits: sign, 5 bits of exponent, 10 of the fraction.
function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const DECODERS = {
  float32: ({ bytes }) => new Float32Array(bytesOf(bytes).buffer),
  float16: ({ bytes }) => Float32Array.from(new Uint16Array(bytesOf(bytes).buffer), fromHalf),
  int8({ bytes, steps }) { // one step for each number of the last axis: value = integer x step
    const sizes = new Float32Array(bytesOf(steps).buffer);
    const integers = new Int8Array(bytesOf(bytes).buffer);
    return Float32Array.from(integers, (integer, i) => integer * sizes[i % sizes.length]);
  },
};
const decoded = (array) => DECODERS[array.type](array);

// The steps of the network with their arrays decoded, each with the shape of its input.
function withArrays(steps, input) {
  return steps.map((step) => {
    const arrays = Object.fromEntries(Object.entries(step.arrays).map(([name, array]) => [name, decoded(array)]));
    const complete = {
      ...step, arrays, input,
      branch: withArrays(step.branch, input), shortcut: withArrays(step.shortcut, input),
    };
    input = step.shape;
    return complete;
  });
}
