/** Texts by their number, each once. */
export class Texts {
  readonly list: string[] = [];
  private readonly numbers = new Map<string, number>();

  numberOf(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) this.numbers.set(text, (number = this.list.push(text) - 1));
    return number;
  }

  /** The empty text stands for none: -1. */
  text(number: number): string {
    return this.list[number] ?? '';
  }
}
