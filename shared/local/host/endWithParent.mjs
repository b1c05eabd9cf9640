/** Loaded before a child's own code: when the parent is gone, however it went, the child closes in order, or is ended. */
const closeWithinMs = 3000;

if (process.connected) {
  process.on('disconnect', () => {
    process.emit('SIGINT');
    setTimeout(() => process.exit(0), closeWithinMs).unref();
  });
} else {
  process.exit(0);
}
