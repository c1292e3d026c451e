// Activation functions, each with its derivative.

const ROOT = Math.sqrt(2 / Math.PI);
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

// Abramowitz & Stegun 1964, formula 7.1.26: within 1.5e-7.
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}
const normal = (x) => (1 + erf(x * Math.SQRT1_2)) / 2; // the distribution function
const tanhOfGelu = (x) => Math.tanh(ROOT * (x + 0.044715 * x ** 3));

const FUNCTIONS = {
  relu: [(x) => Math.max(x, 0), (x) => (x > 0 ? 1 : 0)],
  leaky_relu: [(x) => (x > 0 ? x : 0.01 * x), (x) => (x > 0 ? 1 : 0.01)],
  elu: [(x) => (x > 0 ? x : Math.expm1(x)), (x) => (x > 0 ? 1 : Math.exp(x))],
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  sigmoid: [sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x))],
  silu: [(x) => x * sigmoid(x), (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x)))],
  gelu: [(x) => x * normal(x), (x) => normal(x) + (x * Math.exp(-x * x / 2)) / Math.sqrt(2 * Math.PI)],
  gelu_tanh: [
    (x) => x * (1 + tanhOfGelu(x)) / 2,
    (x) => {
      const t = tanhOfGelu(x);
      return (1 + t) / 2 + (x * (1 - t * t) * ROOT * (1 + 3 * 0.044715 * x * x)) / 2;
    },
  ],
};
