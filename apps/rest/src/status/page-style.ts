/** The style of the status page, light and dark. Colours of text have a contrast of 4.5 or more. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--line:#d9dde3;--text:#1b1f24;--soft:#56606b;
--good:#0b6b3a;--good-back:#e0f3e8;--warn:#7a4a00;--warn-back:#fff0d1;--bad:#a1161d;--bad-back:#fde5e5;
--spark:#2457c5;--spark-back:#2457c51f}
@media(prefers-color-scheme:dark){:root{--page:#121518;--card:#1b1f24;--line:#333a42;--text:#e7eaee;
--soft:#a3adb8;--good:#7fdba6;--good-back:#12301f;--warn:#ffcd73;--warn-back:#372910;--bad:#ff9f9f;
--bad-back:#3b1719;--spark:#8ab4ff;--spark-back:#8ab4ff26}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.25rem 1rem 3rem;background:var(--page);color:var(--text);
font:1rem/1.45 system-ui,sans-serif}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;justify-content:space-between}
h1{margin:0;font-size:1.4rem}h2{margin:2rem 0 .75rem;font-size:1.1rem}h3{margin:0;font-size:1.05rem}
p{margin:.5rem 0}.soft{color:var(--soft);font-size:.875rem}label{white-space:nowrap}
.banner{margin:1rem 0 0;padding:.75rem 1rem;border-radius:.5rem;font-weight:600}
.grid{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr))}
article{padding:.875rem 1rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card)}
.head{display:flex;gap:.5rem;align-items:center;justify-content:space-between}
.pill{padding:.1rem .6rem;border-radius:1rem;font-size:.875rem;font-weight:600;white-space:nowrap}
.good{color:var(--good);background:var(--good-back)}.warn{color:var(--warn);background:var(--warn-back)}
.bad{color:var(--bad);background:var(--bad-back)}
.charts{display:grid;grid-template-columns:repeat(3,1fr);gap:.75rem;margin:.75rem 0 .25rem}
figure{margin:0;min-width:0}figcaption{color:var(--soft);font-size:.8125rem}
figure b{display:block;color:var(--text);font-size:1.05rem;font-variant-numeric:tabular-nums}
.spark{display:block;width:100%;height:2.25rem;margin-top:.25rem;border-bottom:1px solid var(--line)}
.spark polyline{fill:none;stroke:var(--spark);stroke-width:1.5;vector-effect:non-scaling-stroke}
.spark polygon{fill:var(--spark-back)}
dl{display:grid;grid-template-columns:auto 1fr;gap:.15rem .75rem;margin:.5rem 0 0;font-size:.875rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.table{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem;background:var(--card)}
table{width:100%;border-collapse:collapse;font-size:.875rem}
th,td{padding:.4rem .75rem;text-align:left;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}td:last-child,th:last-child{text-align:right}
a{color:var(--spark)}
:focus-visible{outline:2px solid var(--spark);outline-offset:2px}
`;
