/** Things that will happen at known times, earliest first: a binary heap. */
export class Alarms {
  private readonly times: number[] = [];
  private readonly ids: number[] = [];

  /** When the next one rings; Infinity when there is none. */
  get next(): number {
    return this.times[0] ?? Infinity;
  }

  add(time: number, id: number): void {
    const { times, ids } = this;
    let place = times.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (times[parent]! <= time) break;
      times[place] = times[parent]!;
      ids[place] = ids[parent]!;
      place = parent;
    }
    times[place] = time;
    ids[place] = id;
  }

  /** Takes out the earliest. */
  take(): number {
    const { times, ids } = this;
    const id = ids[0]!;
    const time = times.pop()!;
    const last = ids.pop()!;
    if (times.length === 0) return id;
    let place = 0;
    while (true) {
      let child = 2 * place + 1;
      if (child >= times.length) break;
      if (child + 1 < times.length && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= time) break;
      times[place] = times[child]!;
      ids[place] = ids[child]!;
      place = child;
    }
    times[place] = time;
    ids[place] = last;
    return id;
  }
}
