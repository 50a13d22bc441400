// Select and match: which neurons mark some steps and notes, and where else they do so.
//
// After LSTMVis (Strobelt, Gehrmann, Pfister & Rush, 2018): one selects a span, is shown
// the neurons that are on in it and off around it, and searches for other spans in which
// the same neurons are on.

const LITTLE = 0.1; // of h: what would be a small difference even in a still neuron
const LEAST_AROUND = 4; // steps on either side of a short span
const APART = 4; // steps between two moments that are found
const SHIFTED = 0.1; // so much more alike must a span be at other pitches
const OCTAVE = 12; // how far a span of some notes is searched up and down

/** Return the first of some ranked neurons: those at least half as clear as the first. */
export function clearest(ranked, most) {
  const half = Math.abs(ranked[0].score) / 2;
  return ranked.slice(0, most).filter(({ score }) => Math.abs(score) >= half);
}

/** Return every neuron's mean h in the selected notes, compared in and around the steps.
 *
 * select: { start, stop, low, high }. The result is a list of { layer, index, inside,
 * around, score, h }, sorted by |score|, the difference of the means in and around the
 * span over LITTLE and the standard deviation of all steps; h is the mean of each step.
 */
export function rankNeurons(trace, select) {
  const ranked = [];
  trace.layers.forEach(({ neurons }, layer) => {
    for (let index = 0; index < neurons; index++) {
      const h = meanOverNotes(trace, layer, index, select.low, select.high);
      ranked.push({ layer, index, h, ...compare(h, select) });
    }
  });
  return ranked.sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
}

/** Return the mean h of a neuron over the notes from `low` up to `high`, at each step. */
export function meanOverNotes(trace, layer, index, low, high) {
  const { h } = trace.layers[layer];
  const mean = new Float32Array(trace.steps);
  for (let note = low; note < high; note++) {
    const row = trace.at(index, note, 0);
    for (let step = 0; step < trace.steps; step++)
      mean[step] += trace.values[h[row + step]];
  }
  return mean.map((sum) => sum / (high - low));
}

/** Compare values in a span with those of the steps around it, on both sides as many. */
export function compare(values, { start, stop }) {
  const wide = Math.max(stop - start, LEAST_AROUND);
  const inside = average(values.subarray(start, stop));
  const before = values.subarray(Math.max(start - wide, 0), start);
  const after = values.subarray(stop, stop + wide);
  const around = average([...before, ...after]);
  const mean = average(values);
  const spread = Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
  return { inside, around, score: (inside - around) / (spread + LITTLE) };
}

const average = (values) =>
  values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;

/** Return where else some ranked neurons are as in the selected span.
 *
 * For each step at which a span of the same length can begin, `likeness` says how far
 * the neurons are on there: 1 if all are as in the span, 0 if half of the way. `shift`
 * says how many semitones higher its notes are than the selected ones, and `on` how
 * many of the neurons are nearer to their value in the span than to that around it.
 */
export function searchElsewhere(trace, select, ranked) {
  const { start, stop, low, high } = select;
  const [wide, tall] = [stop - start, high - low];
  const sums = ranked.map(({ layer, index }) => boxSums(trace, layer, index));
  const places = [];
  for (let step = 0; step + wide <= trace.steps; step++) {
    let best = { start: step, stop: step + wide, likeness: -1, more: -2, shift: 0 };
    for (let n = 0; n + tall <= trace.notes; n++) {
      const shift = n - low;
      if (Math.abs(shift) > OCTAVE) continue;
      let [sum, on] = [0, 0];
      ranked.forEach(({ inside, around }, k) => {
        const mean = sums[k](step, step + wide, n, n + tall) / (wide * tall);
        const near = (2 * (mean - around)) / (inside - around) - 1;
        sum += Math.min(Math.max(near, -1), 1);
        on += near > 0;
      });
      const likeness = sum / ranked.length;
      const more = likeness - (shift ? SHIFTED : 0);
      if (more > best.more) best = { ...best, likeness, more, shift, on };
    }
    places.push(best);
  }
  return places;
}

/** Return a function of (start, stop, low, high): the sum of h over a box. */
function boxSums(trace, layer, index) {
  const { steps, notes, values } = trace;
  const { h } = trace.layers[layer];
  const wide = steps + 1;
  const table = new Float64Array((notes + 1) * wide); // sums of all before, both ways
  for (let note = 0; note < notes; note++) {
    let row = 0;
    for (let step = 0; step < steps; step++) {
      row += values[h[trace.at(index, note, step)]];
      table[(note + 1) * wide + step + 1] = table[note * wide + step + 1] + row;
    }
  }
  return (start, stop, low, high) =>
    table[high * wide + stop] -
    table[low * wide + stop] -
    table[high * wide + start] +
    table[low * wide + start];
}

/** Return how like each step is to one step: the cosine similarity of h of a layer.
 *
 * h is compared at every neuron and note, after its mean over all steps is subtracted;
 * otherwise all steps would be alike.
 */
export function momentsLike(trace, layer, step) {
  const { h } = trace.layers[layer];
  const { steps, values } = trace;
  const products = new Float64Array(steps);
  const squares = new Float64Array(steps);
  for (let row = 0; row < h.length; row += steps) {
    let mean = 0;
    for (let s = 0; s < steps; s++) mean += values[h[row + s]];
    mean /= steps;
    const here = values[h[row + step]] - mean;
    for (let s = 0; s < steps; s++) {
      const there = values[h[row + s]] - mean;
      products[s] += here * there;
      squares[s] += there * there;
    }
  }
  return Float32Array.from(products, (product, s) =>
    squares[s] * squares[step] > 0 ? product / Math.sqrt(squares[s] * squares[step]) : 0,
  );
}

/** Return the best of some spans { start, stop, likeness } that do not meet each other.
 *
 * None of them meets `except` either, and all are better than `least`.
 */
export function bestApart(spans, except, least, count) {
  const meets = (a, b) => a.start < b.stop + APART && b.start < a.stop + APART;
  const chosen = [];
  const sorted = spans
    .filter((span) => span.likeness > least && !(except && meets(span, except)))
    .sort((a, b) => b.likeness - a.likeness);
  for (const span of sorted) {
    if (chosen.length === count) break;
    if (!chosen.some((other) => meets(span, other))) chosen.push(span);
  }
  return chosen;
}

/** Return the steps at which a neuron is most active, { start, note, h }, apart.
 *
 * The activity of a step is the largest h over the notes.
 */
export function mostActive(trace, layer, index, count) {
  const { h } = trace.layers[layer];
  const spans = Array.from({ length: trace.steps }, (_, step) => {
    let best = 0;
    for (let note = 1; note < trace.notes; note++)
      if (h[trace.at(index, note, step)] > h[trace.at(index, best, step)]) best = note;
    const byte = h[trace.at(index, best, step)];
    return { start: step, stop: step + 1, note: best, byte, likeness: byte };
  });
  return bestApart(spans, null, -1, count);
}
