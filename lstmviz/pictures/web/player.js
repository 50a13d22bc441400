// Playing: the music, and which step the picture shows while it sounds.
//
// The audio clock leads. Notes are handed to the synthesiser ahead of time, and the
// picture asks, whenever the screen is about to be drawn, which step sounds now. At
// step s one hears what the network decides there: the newest column of the score.

import { Synth } from "./sound.js";
import { soundingNotes } from "./trace.js";

const AHEAD = 1.5; // seconds; more than the one second a hidden tab sleeps
const TICK = 200; // milliseconds between looks at what comes next

export class Player {
  constructor(trace) {
    this.trace = trace;
    this.notes = soundingNotes(trace);
    this.speed = 1;
    this.muted = false;
    this.playing = false;
  }

  get secondsPerStep() {
    return 15 / this.trace.bpm / this.speed; // four sixteenths a beat
  }

  /** Play from a step on. */
  async play(step) {
    this.playing = true;
    this.from = step;
    this.origin = null; // until the clock runs
    this.synth ??= new Synth(); // browsers allow sound only once somebody asked for it
    this.synth.muted = this.muted;
    const { context } = this.synth;
    // Without a sound card the clock of the audio never starts; play silently then.
    await Promise.race([
      context.resume(),
      new Promise((done) => setTimeout(done, 500)),
    ]);
    if (!this.playing || this.origin !== null) return; // paused or started meanwhile
    const hasSound = context.state === "running";
    this.clock = () => (hasSound ? context.currentTime : performance.now() / 1000);
    this.latency = hasSound ? context.outputLatency || 0 : 0;
    this.startAt(this.from, hasSound);
  }

  startAt(step, hasSound) {
    this.from = step;
    this.origin = this.clock() + 0.05;
    this.handed = 0; // notes given to the synthesiser
    clearInterval(this.timer);
    if (!hasSound) return;
    this.handOver();
    this.timer = setInterval(() => this.handOver(), TICK);
  }

  /** Give the synthesiser what sounds within the next moments. */
  handOver() {
    const until = this.clock() + AHEAD;
    for (; this.handed < this.notes.length; this.handed++) {
      const { note, start, stop } = this.notes[this.handed];
      const begin = Math.max(start, this.from); // held notes sound on from here
      const when = this.origin + (begin - this.from) * this.secondsPerStep;
      if (when > until) return;
      const seconds = (stop - begin) * this.secondsPerStep;
      if (seconds > 0) this.synth.strike(this.trace.low + note, when, seconds);
    }
  }

  pause() {
    this.playing = false;
    clearInterval(this.timer);
    this.synth?.silence();
  }

  mute(muted) {
    this.muted = muted;
    if (this.synth) this.synth.muted = muted;
  }

  /** Return the step that sounds now; `trace.steps` when all is over. */
  get step() {
    if (this.origin === null) return this.from;
    const seconds = this.clock() - this.latency - this.origin;
    const step = this.from + Math.max(0, Math.floor(seconds / this.secondsPerStep));
    return Math.min(step, this.trace.steps);
  }
}
