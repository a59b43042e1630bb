/** Powers of ten that floating-point numbers hold exactly, as far as they are needed here. */
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/**
 * A sum of decimal numbers. As long as it has no more than 15 digits it is exact (0.1 + 0.2 is 0.3); what goes beyond
 * is added in floating point with Neumaier's compensation.
 */
export class Sum {
  private units = 0;
  private scale = 0;
  private float = 0;
  private compensation = 0;

  /** Adds `units / 10^scale`. */
  add(units: number, scale: number, isExact: boolean): void {
    if (!isExact) {
      this.addFloat(units);
      return;
    }
    if (scale > this.scale) this.refine(scale);
    const scaled = units * POWERS[this.scale - scale]!;
    if (Math.abs(this.units + scaled) > Number.MAX_SAFE_INTEGER) this.spill();
    if (Math.abs(scaled) > Number.MAX_SAFE_INTEGER) this.addFloat(units / POWERS[scale]!);
    else this.units += scaled;
  }

  get value(): number {
    return this.float + this.compensation + this.units / POWERS[this.scale]!;
  }

  private refine(scale: number): void {
    const factor = POWERS[scale - this.scale]!;
    if (Math.abs(this.units) * factor > Number.MAX_SAFE_INTEGER) this.spill();
    this.units *= factor;
    this.scale = scale;
  }

  private spill(): void {
    this.addFloat(this.units / POWERS[this.scale]!);
    this.units = 0;
  }

  private addFloat(value: number): void {
    const sum = this.float + value;
    if (Math.abs(this.float) >= Math.abs(value)) this.compensation += this.float - sum + value;
    else this.compensation += value - sum + this.float;
    this.float = sum;
  }
}
