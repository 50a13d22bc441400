// A small synthesiser: a soft struck string, out of a few harmonics that die away.

const HARMONICS = [0, 1, 0.45, 0.22, 0.12, 0.06, 0.03];
const ATTACK = 0.006; // seconds
const RELEASE = 0.12;

export class Synth {
  constructor() {
    this.context = new AudioContext();
    const silent = HARMONICS.map(() => 0);
    this.wave = this.context.createPeriodicWave(silent, HARMONICS);
    this.volume = this.context.createGain();
    const limiter = this.context.createDynamicsCompressor(); // many notes at once
    this.volume.connect(limiter).connect(this.context.destination);
    this.begin();
  }

  set muted(muted) {
    this.volume.gain.value = muted ? 0 : 0.5;
  }

  /** Make a new desk for the notes to come, which `silence` can throw away whole. */
  begin() {
    this.desk = this.context.createGain();
    this.desk.connect(this.volume);
  }

  /** Drop what sounds and what was still to sound. */
  silence() {
    const old = this.desk;
    old.gain.setTargetAtTime(0, this.context.currentTime, 0.015);
    setTimeout(() => old.disconnect(), 150); // not at once, which would click
    this.begin();
  }

  /** Sound a MIDI note from `when` (seconds of the audio clock) for so long. */
  strike(midi, when, seconds) {
    const string = this.context.createOscillator();
    string.setPeriodicWave(this.wave);
    string.frequency.value = 440 * 2 ** ((midi - 69) / 12);
    const loudness = this.context.createGain();
    const stop = when + Math.max(seconds, 2 * ATTACK);
    const fading = 0.35 + 1.4 * 2 ** ((48 - midi) / 24); // low strings ring longer
    loudness.gain.setValueAtTime(0, when);
    loudness.gain.linearRampToValueAtTime(0.22, when + ATTACK);
    loudness.gain.setTargetAtTime(0, when + ATTACK, fading);
    loudness.gain.setTargetAtTime(0, stop, RELEASE / 3);
    string.connect(loudness).connect(this.desk);
    string.start(when);
    string.stop(stop + RELEASE);
  }
}
