/** A queue of request numbers that grows as needed: at both ends in constant time, in the middle in linear time. */
export class IdQueue {
  private ring = new Int32Array(64);
  private start = 0;
  length = 0;

  /** The number at a place, 0 for the front. */
  at(index: number): number {
    return this.ring[(this.start + index) & (this.ring.length - 1)]!;
  }

  pushBack(id: number): void {
    this.grow();
    this.ring[(this.start + this.length++) & (this.ring.length - 1)] = id;
  }

  pushFront(id: number): void {
    this.grow();
    this.start = (this.start - 1) & (this.ring.length - 1);
    this.ring[this.start] = id;
    this.length++;
  }

  /** Takes out the number at a place. */
  remove(index: number): number {
    const id = this.at(index);
    const mask = this.ring.length - 1;
    for (let place = index; place > 0; place--) {
      this.ring[(this.start + place) & mask] = this.ring[(this.start + place - 1) & mask]!;
    }
    this.start = (this.start + 1) & mask;
    this.length--;
    return id;
  }

  private grow(): void {
    if (this.length < this.ring.length) return;
    const larger = new Int32Array(2 * this.ring.length);
    for (let index = 0; index < this.length; index++) larger[index] = this.at(index);
    this.ring = larger;
    this.start = 0;
  }
}
