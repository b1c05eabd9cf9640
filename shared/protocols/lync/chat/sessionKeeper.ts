import type { Clock } from '../../../domain/clock.js';
import { type Diagnosis, fail, ProbeError } from '../../../domain/diagnosis.js';
import { DeadlineExceeded, type Scope } from '../../../domain/scope.js';
import type { RawMessage } from '../../sip/rawMessage.js';
import type { SessionDialog } from '../session/dialog.js';
import { diagnoseInSession } from './diagnoseChat.js';
import { dueAfterMs, readSessionTimer, refreshHeaders, type SessionTimer } from './sessionTimer.js';

/** How long the UPDATE that refreshes the session may take, milliseconds. */
const refreshMs = 5_000;

/** Keeps a session alive, or finds out that the server does not (RFC 4028 section 10). Nobody waits for it: whoever waits next is told. */
export class SessionKeeper {
  readonly #dialog: SessionDialog;
  readonly #peer: string;
  readonly #clock: Clock;
  readonly #doubt = new AbortController();
  readonly #over = new AbortController();
  #broken: Error | undefined;
  #heard = false;
  #stopTimer = () => {};

  constructor(dialog: SessionDialog, peer: string, clock: Clock) {
    this.#dialog = dialog;
    this.#peer = peer;
    this.#clock = clock;
  }

  /** Why the session is taken for over, to be thrown: a `ProbeError`, or an error of ours. */
  get broken(): Error | undefined {
    return this.#broken;
  }

  /** Aborts when the session turns out to be over. */
  get doubt(): AbortSignal {
    return this.#doubt.signal;
  }

  /** Begins, as the 200 to INVITE has it. */
  start(answer: RawMessage): void {
    const timer = readSessionTimer(answer);
    if (timer) this.#schedule(timer);
  }

  /** A request of the server that refreshes the session has come. */
  refreshed(): void {
    this.#heard = true;
  }

  /** The session is about to end: nothing is refreshed any more, and no refresh is waited for. */
  stop(): void {
    this.#over.abort();
    this.#stopTimer();
  }

  #schedule(timer: SessionTimer): void {
    if (this.#over.signal.aborted) return;
    this.#heard = false;
    this.#stopTimer = this.#clock.after(dueAfterMs(timer), () => {
      if (this.#dialog.alive) this.#due(timer).catch((error) => this.#break(error));
    });
  }

  async #due(timer: SessionTimer): Promise<void> {
    const seconds = timer.intervalMs / 1000;
    if (timer.refresher === 'them') {
      const unread = this.#dialog.unread.some(({ method }) => method === 'UPDATE');
      if (unread || this.#heard) return this.#schedule(timer);
      fail('CHAT_SESSION_EXPIRED', {
        error: `${this.#peer} did not refresh the session within the ${seconds} s that it promised`,
      });
    }
    const found = await this.#update(timer);
    if (!found) return this.#schedule(timer);
    const error = `the session of ${seconds} s could not be refreshed: ${found.error}`;
    fail('CHAT_SESSION_EXPIRED', { error, serverDiagnosis: found.serverDiagnosis });
  }

  async #update(timer: SessionTimer): Promise<Diagnosis | undefined> {
    const controller = new AbortController();
    const stop = this.#clock.after(refreshMs, () => controller.abort(new DeadlineExceeded(refreshMs)));
    const signal = AbortSignal.any([controller.signal, this.#over.signal]);
    const scope: Scope = { signal, exclude: () => {}, observe: () => {}, warn: () => {} };
    try {
      const answer = await this.#dialog.request('UPDATE', { headers: refreshHeaders(timer) }, scope);
      return diagnoseInSession('UPDATE', this.#peer, answer, 'CHAT_SESSION_EXPIRED');
    } catch (error) {
      if (error instanceof ProbeError) return error.diagnosis;
      throw error;
    } finally {
      stop();
    }
  }

  #break(error: unknown): void {
    this.#broken = error instanceof Error ? error : new Error(String(error));
    this.#doubt.abort();
  }
}
