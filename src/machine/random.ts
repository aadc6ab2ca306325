/**
 * The machine's random numbers: xoshiro128** 1.1 by Blackman and Vigna (https://prng.di.unimi.it/xoshiro128starstar.c,
 * public domain), its four words of state filled from the seed by splitmix32 (the finalizer of MurmurHash3 over a
 * Weyl sequence with step 0x9e3779b9; Steele, Lea and Flood 2014). The same seed gives the same numbers everywhere.
 */
import type { History, Saveable } from './history.js';
import { MachineError } from './errors.js';

const TWO_32 = 0x1_0000_0000;

export class Random implements Saveable {
  epoch = 0;
  /** The state: four 32-bit words. */
  words: Int32Array;

  /**
   * @param seed any integer; its low 64 bits count
   * @param history when given, numbers taken are put back by going back in time
   */
  constructor(
    seed: number,
    private readonly history?: History,
  ) {
    this.epoch = history?.epoch ?? 0;
    this.words = new Int32Array(4);
    let weyl = (seed | 0) ^ Math.imul(Math.floor(seed / TWO_32) | 0, 0x85ebca6b);
    for (let i = 0; i < 4; i++) {
      weyl = (weyl + 0x9e3779b9) | 0;
      let z = Math.imul(weyl ^ (weyl >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.words[i] = z ^ (z >>> 16);
    }
    // All zeros is the one state that xoshiro never leaves.
    if (this.words.every((word) => word === 0)) this.words[0] = 1;
  }

  /** An integer 0 … n-1, each as likely as any other. n is 1 … 2^53. */
  below(n: number): number {
    if (!(n >= 1 && n <= 2 ** 53 && Number.isInteger(n))) throw new MachineError(`random below ${n}`);
    this.history?.touch(this);
    // Values from the incomplete last multiple of n would make small results likelier: draw again.
    if (n <= TWO_32) {
      const end = TWO_32 - (TWO_32 % n);
      for (;;) {
        const value = this.next();
        if (value < end) return value % n;
      }
    }
    const end = 2 ** 53 - (2 ** 53 % n);
    for (;;) {
      const value = (this.next() >>> 11) * TWO_32 + this.next();
      if (value < end) return value % n;
    }
  }

  /** The next 32 bits, unsigned. */
  private next(): number {
    const s = this.words as unknown as [number, number, number, number];
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11);
    return result;
  }

  copyContent(): Int32Array {
    return this.words.slice();
  }

  swapContent(content: unknown): Int32Array {
    const old = this.words;
    this.words = content as Int32Array;
    return old;
  }
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
