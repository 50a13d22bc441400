// A small synthesiser: the soft sound of a struck string, of a few decaying harmonics.

const HARMONICS = [0, 1, 0.45, 0.22, 0.12, 0.06, 0.03];
const ATTACK = 0.006; // seconds
const RELEASE = 0.12;

export class Synth {
  constructor() {
    this.context = new AudioContext();
    const silent = HARMONICS.map(() => 0);
    this.wave = this.context.createPeriodicWave(silent, HARMONICS);
    this.volume = this.context.createGain();
    const limiter = this.context.createDynamicsCompressor(); // for many notes at once
    this.volume.connect(limiter).connect(this.context.destination);
    this.begin();
  }

  set muted(muted) {
    this.volume.gain.value = muted ? 0 : 0.5;
  }

  /** Make a new bus: a node that all notes go through, so that all can be stopped. */
  begin() {
    this.bus = this.context.createGain();
    this.bus.connect(this.volume);
  }

  /** Stop all notes, also those that are scheduled. */
  silence() {
    const old = this.bus;
    old.gain.setTargetAtTime(0, this.context.currentTime, 0.015);
    setTimeout(() => old.disconnect(), 150); // at once, it would click
    this.begin();
  }

  /** Play a MIDI note from `when` (in seconds of the audio clock), for some seconds. */
  strike(midi, when, seconds) {
    const string = this.context.createOscillator();
    string.setPeriodicWave(this.wave);
    string.frequency.value = 440 * 2 ** ((midi - 69) / 12);
    const loudness = this.context.createGain();
    const stop = when + Math.max(seconds, 2 * ATTACK);
    const decay = 0.35 + 1.4 * 2 ** ((48 - midi) / 24); // low strings sound longer
    loudness.gain.setValueAtTime(0, when);
    loudness.gain.linearRampToValueAtTime(0.22, when + ATTACK);
    loudness.gain.setTargetAtTime(0, when + ATTACK, decay);
    loudness.gain.setTargetAtTime(0, stop, RELEASE / 3);
    string.connect(loudness).connect(this.bus);
    string.start(when);
    string.stop(stop + RELEASE);
  }
}
