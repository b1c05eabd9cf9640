import { spawn } from 'node:child_process';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** After a Ctrl-C the terminal has told the child already; it is told again only if it goes on. */
const repeatAfterMs = 500;
const killAfterMs = 10_000;

/** Runs a program to its end and passes signals on; resolves to its exit code or the signal it died of. */
export function runProgram(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    const timers = [];
    let firstSignalAt;
    const pass = (signal) => {
      // npm passes a Ctrl-C on although the terminal has sent it to everyone: two within a second are one.
      if (firstSignalAt !== undefined) {
        if (performance.now() - firstSignalAt > 1000) child.kill('SIGKILL');
        return;
      }
      firstSignalAt = performance.now();
      timers.push(setTimeout(() => child.kill(signal), signal === 'SIGINT' ? repeatAfterMs : 0));
      timers.push(setTimeout(() => child.kill('SIGKILL'), killAfterMs));
    };
    const finish = (settle) => {
      for (const timer of timers) clearTimeout(timer);
      for (const signal of signals) process.off(signal, pass);
      settle();
    };
    for (const signal of signals) process.on(signal, pass);
    child.on('error', (error) => finish(() => reject(new Error(`${command} could not be started: ${error.message}`))));
    child.on('exit', (code, signal) => finish(() => resolve({ code, signal })));
  });
}
