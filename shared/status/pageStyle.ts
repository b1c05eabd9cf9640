/** The style sheet of every page; colours come with words and shapes, never alone. Contrast is at least 4.5:1 in both schemes. */
export const pageStyle = `
:root { color-scheme: light dark; --ground: #f5f6f8; --card: #fff; --line: #dfe3e8; --ink: #1b2430; --soft: #566172;
  --up: #17703c; --up-ground: #e3f4e9; --degraded: #865300; --degraded-ground: #fdf0d5; --regional: #a03b00;
  --regional-ground: #fde8da; --down: #b3202c; --down-ground: #fce4e4; --unknown: #4f5b6b; --unknown-ground: #e8ebef;
  --maintenance: #2456a6; --maintenance-ground: #e4edfb; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12161c; --card: #1b212a; --line: #303945; --ink: #e8ecf1; --soft: #a2adbb;
    --up: #6fd597; --up-ground: #16331f; --degraded: #f3bf5d; --degraded-ground: #38290b; --regional: #ffab78;
    --regional-ground: #40220f; --down: #ff9096; --down-ground: #431a1e; --unknown: #b4bfcc; --unknown-ground: #2a323d;
    --maintenance: #94bcff; --maintenance-ground: #17294a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
.wrap { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding: 1.75rem 0 1.25rem; display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: .25rem 1rem; }
h1 { font-size: 1.125rem; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 0; letter-spacing: -.01em; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 0; }
.soft, time { color: var(--soft); }
.small { font-size: .875rem; }
code { font: .8125rem/1.5 ui-monospace, "Cascadia Mono", Consolas, monospace; overflow-wrap: anywhere; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.up { --state: var(--up); --state-ground: var(--up-ground); }
.degraded { --state: var(--degraded); --state-ground: var(--degraded-ground); }
.regional { --state: var(--regional); --state-ground: var(--regional-ground); }
.down { --state: var(--down); --state-ground: var(--down-ground); }
.unknown { --state: var(--unknown); --state-ground: var(--unknown-ground); }
.maintenance { --state: var(--maintenance); --state-ground: var(--maintenance-ground); }
.banner { display: flex; gap: 1rem; align-items: center; padding: 1.125rem 1.25rem; border-radius: .75rem;
  background: var(--state-ground); border: 1px solid color-mix(in srgb, var(--state) 30%, transparent); }
.banner .headline { font-size: 1.375rem; font-weight: 650; line-height: 1.25; letter-spacing: -.015em; color: var(--state); }
.banner .small { color: var(--ink); }
.banner svg { width: 2.25rem; height: 2.25rem; }
svg { flex: none; width: 1rem; height: 1rem; fill: none; stroke: var(--state); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.notice { margin-top: .75rem; padding: .75rem 1.25rem; border-radius: .75rem; border: 1px solid var(--line); background: var(--card); }
.edge { margin-top: 2.25rem; }
.edge > .title { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; margin-bottom: .75rem; }
.badge { display: inline-flex; gap: .375rem; align-items: center; padding: .125rem .625rem .125rem .4375rem; border-radius: 1rem;
  background: var(--state-ground); color: var(--state); font-size: .875rem; font-weight: 600; white-space: nowrap; }
.cards { list-style: none; margin: 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
.card { padding: 1rem 1.25rem 1.125rem; border-top: 1px solid var(--line); }
.card:first-child { border-top: 0; }
.card .title { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .25rem 1rem; }
.card .title p { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .625rem; }
.why { margin-top: .625rem; padding: .5rem .75rem; border-left: 3px solid var(--state); background: var(--state-ground); border-radius: 0 .375rem .375rem 0; }
.why code { display: block; color: var(--soft); }
.event { margin-top: .625rem; overflow-wrap: anywhere; }
.detail { display: flex; flex-wrap: wrap; gap: .875rem 2rem; justify-content: space-between; margin-top: .75rem; }
.regions { list-style: none; margin: 0; padding: 0; flex: 1 1 18rem; max-width: 28rem; font-size: .875rem; }
.regions li { display: grid; grid-template-columns: 1rem minmax(0, 1fr) 5.25rem 6rem; gap: .5rem; align-items: center; padding: .125rem 0; }
.regions .name { overflow-wrap: anywhere; }
.regions .word { color: var(--state); font-weight: 600; }
.regions time, .regions .never { text-align: right; color: var(--soft); white-space: nowrap; }
.days { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: .25rem; flex: 0 1 26rem; min-width: min(100%, 22rem); text-align: center; }
.days li { font-size: .75rem; line-height: 1.35; }
.days b { display: block; font-weight: 600; color: var(--state); background: var(--state-ground); border-bottom: 2px solid var(--state); border-radius: .25rem .25rem 0 0;
  padding: .3125rem 0 .25rem; margin-bottom: .1875rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.days span { color: var(--soft); white-space: nowrap; }
.problems { margin: .75rem 0 0; padding: 0; list-style: none; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
.problems li { padding: .75rem 1.25rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; white-space: pre-line; }
.problems li:first-child { border-top: 0; }
footer { padding: 2rem 0 2.5rem; }
a { color: inherit; }
a:focus-visible { outline: 2px solid var(--maintenance); outline-offset: 2px; }
@media (max-width: 32rem) {
  .wrap { padding: 0 .875rem; }
  .card, .banner { padding-left: .875rem; padding-right: .875rem; }
  .card .title .badge { order: -1; }
  .days { gap: .1875rem; min-width: 100%; }
  .days li { font-size: .6875rem; } }
`;
