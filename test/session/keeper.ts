import type { Recorded, RunEvent } from '../../src/session/events.ts';
import { Operator } from './support.ts';

/** An operator who keeps what was recorded, as the journal would have it. */
export class Keeper extends Operator {
  // Filled while the run is opened, before fields of this class would be.
  declare lines: Recorded[];

  override record(events: readonly RunEvent[]): void {
    super.record(events);
    this.lines ??= [];
    for (const event of events) {
      const seq = this.lines.length;
      const h = String(seq).padStart(64, '0');
      const actor = this.state.operator;
      this.lines.push({ ...event, seq, at: this.now, mono: 0, boot: '', session: '', actor, h });
    }
  }
}
