// Playback: the music, and the step that sounds now.
//
// The audio clock is the reference. Notes are scheduled ahead of time, and the page asks
// before every frame which step sounds now. At step s one hears what the network decides
// at step s, the newest column of the score.

import { Synth } from "./sound.js";
import { soundingNotes } from "./trace.js";

const AHEAD = 1.5; // seconds; the timers of a hidden tab run only once a second
const TICK = 200; // milliseconds between two calls of `schedule`

export class Player {
  constructor(trace) {
    this.listenTo(trace);
    this.speed = 1;
    this.muted = false;
    this.playing = false;
  }

  /** Play the music of this trace from now on. */
  listenTo(trace) {
    this.trace = trace;
    this.notes = soundingNotes(trace);
  }

  get secondsPerStep() {
    return 15 / this.trace.bpm / this.speed; // four sixteenths a beat
  }

  /** Play from this step, up to the end or to step `stop`. */
  async play(step, stop = this.trace.steps) {
    this.playing = true;
    this.from = step;
    this.stop = stop;
    this.origin = null; // the time of the first step, once the clock runs
    this.synth ??= new Synth(); // allowed only after a click or a key
    this.synth.muted = this.muted;
    const { context } = this.synth;
    // Without a sound device the audio clock never starts; then play without sound.
    await Promise.race([
      context.resume(),
      new Promise((done) => setTimeout(done, 500)),
    ]);
    if (!this.playing || this.origin !== null) return; // paused or started again
    const hasSound = context.state === "running";
    this.clock = () => (hasSound ? context.currentTime : performance.now() / 1000);
    this.latency = hasSound ? context.outputLatency || 0 : 0;
    this.startAt(this.from, hasSound);
  }

  startAt(step, hasSound) {
    this.from = step;
    this.origin = this.clock() + 0.05;
    this.scheduled = 0; // number of notes
    clearInterval(this.timer);
    if (!hasSound) return;
    this.schedule();
    this.timer = setInterval(() => this.schedule(), TICK);
  }

  /** Schedule the notes of the next `AHEAD` seconds. */
  schedule() {
    const until = this.clock() + AHEAD;
    for (; this.scheduled < this.notes.length; this.scheduled++) {
      const { note, start, stop } = this.notes[this.scheduled];
      const begin = Math.max(start, this.from); // a held note begins at the first step
      const when = this.origin + (begin - this.from) * this.secondsPerStep;
      if (when > until) return;
      const seconds = (Math.min(stop, this.stop) - begin) * this.secondsPerStep;
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

  /** The step that sounds now; `stop` after the last one. */
  get step() {
    if (this.origin === null) return this.from;
    const seconds = this.clock() - this.latency - this.origin;
    const step = this.from + Math.max(0, Math.floor(seconds / this.secondsPerStep));
    return Math.min(step, this.stop);
  }
}
