// The rules of the style sheet, in four parts. Sizes and weights are the design's ("Type", "Layout").

export const layoutRules = `
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;font-variant-numeric:tabular-nums lining-nums}
h1,h2,h3,p,ul,ol,dl,dd{margin:0;padding:0}
ul,ol{list-style:none}
a{color:var(--good);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--good);outline-offset:2px;border-radius:3px}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:12px;top:-60px;background:var(--card);padding:8px 12px;z-index:3}
.skip:focus{top:8px}
.page{max-width:1320px;margin:0 auto;padding:16px 20px 40px}
.masthead{display:flex;align-items:center;gap:4px 12px;flex-wrap:wrap;font-size:13px;color:var(--muted)}
.brand{display:flex;align-items:center;gap:8px;font-weight:640;font-size:15px;color:var(--ink)}
.mark{width:20px;height:20px;fill:none;stroke:var(--good);stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}
.language{margin-left:auto;padding:4px 0 4px 12px}
.lead{margin:28px 0 22px}
h1{font-size:24px;line-height:1.35;font-weight:640;letter-spacing:-.01em;max-width:64ch;text-wrap:balance;overflow-wrap:break-word}
.freshness{margin-top:10px;font-size:13px;color:var(--muted)}
.grid{display:grid;grid-template-columns:repeat(12,minmax(0,1fr));gap:12px;margin-top:12px}
.span-5{grid-column:span 5}
.span-7{grid-column:span 7}
.span-12{grid-column:span 12}
@media screen and (max-width:1079px){
.span-5,.span-7{grid-column:span 12}
}
@media screen and (max-width:559px){
.page{padding:12px 12px 32px}
.lead{margin:20px 0 16px}
h1{font-size:20px}
}`;

export const componentRules = `
.card,.tile{background:var(--card);border:1px solid var(--line);border-radius:8px}
.card{padding:18px 20px 12px;display:flex;flex-direction:column;min-width:0}
.card-head{display:flex;align-items:baseline;justify-content:space-between;gap:4px 16px;flex-wrap:wrap}
h2{font-size:16px;line-height:1.35;font-weight:640}
.figure{font-size:13px;color:var(--muted)}
.figure b{font-size:16px;font-weight:660;color:var(--ink)}
.aid,.caption{font-size:13px;color:var(--muted);margin-top:3px;text-wrap:pretty}
.caption{margin-top:8px}
.card-body{flex:1;margin-top:14px;min-width:0;display:grid;grid-template-columns:minmax(0,1fr);align-content:start}
.card-body:has(.grid-heat){align-content:stretch}
.card-foot{display:flex;flex-wrap:wrap;gap:0 20px;margin-top:12px;border-top:1px solid var(--grid);padding-top:6px}
.more{font-size:13px;min-width:0}
.more[open]{flex-basis:100%}
.more summary{cursor:pointer;color:var(--muted);padding:5px 0;width:max-content;max-width:100%}
.more summary:hover{color:var(--ink)}
.more-body{padding:6px 0 10px}
.model{color:var(--muted);font-size:13px}
code{font:12.5px/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.note,.banner{font-size:13px;margin-top:8px;padding:7px 11px;border-left:3px solid var(--neutral);background:var(--page);border-radius:0 4px 4px 0}
.kpis>.note,.banner{background:var(--card)}
.kpis>.note{margin:0 0 12px}
.note-error,.banner{border-left-color:var(--bad)}
.note-partial{border-left-color:var(--caution)}
.card-blank{min-height:140px;border:1px dashed var(--line);border-radius:4px}
.badge{display:inline-block;margin-right:4px;padding:1px 9px;border-radius:10px;border:1px solid currentColor;font-weight:600;color:var(--good)}
.badge-partial,.badge-stale{color:var(--bad)}
.good{color:var(--good)}
.bad{color:var(--bad)}
.flat{color:var(--muted)}
.tiles{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:12px}
.tiles-small{margin-top:12px}
.of-1{grid-template-columns:minmax(0,1fr)}
.of-2{grid-template-columns:repeat(2,minmax(0,1fr))}
.of-3{grid-template-columns:repeat(3,minmax(0,1fr))}
.of-4{grid-template-columns:repeat(4,minmax(0,1fr))}
.of-5{grid-template-columns:repeat(5,minmax(0,1fr))}
.tile{container-type:inline-size;padding:14px 16px 12px;display:flex;flex-direction:column;min-width:0}
h3{font-size:13.5px;line-height:1.35;min-height:2.7em;font-weight:600;overflow-wrap:anywhere;hyphens:auto}
.period{font-size:12.5px;color:var(--muted);margin-top:1px}
.value{font-size:28px;font-size:clamp(18px,16.5cqi,28px);line-height:1.2;font-weight:660;letter-spacing:-.02em;margin-top:8px;overflow-wrap:anywhere}
.delta{font-size:13px;font-weight:600;margin-top:3px}
.delta .word,.delta.flat{font-weight:400}
.goal{font-size:12.5px;color:var(--muted);margin-top:2px}
.goal span{white-space:nowrap}
.tile-spark{margin-top:auto;padding-top:10px;max-width:300px}
.tile-small{padding:12px 16px 10px}
.tile-small .value{font-size:20px;margin-top:4px}
.tile-small .tile-spark{padding-top:6px}
.under-tiles{display:flex;flex-wrap:wrap;gap:0 20px;padding:4px 2px 0}
.legend{display:flex;flex-wrap:wrap;align-items:center;gap:4px 16px;font-size:12.5px;color:var(--muted);margin-bottom:12px}
.legend li{display:flex;align-items:center;gap:6px}
.legend b{color:var(--ink);font-weight:640}
.swatch{width:12px;height:12px;flex:none;display:inline-block}
span.swatch{border:1px solid var(--neutral);border-radius:2px}
.scroll{position:relative;overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:13px}
th{font-weight:600;text-align:left}
.data{min-width:100%}
.data th,.data td{padding:4px 0 4px 16px;border-bottom:1px solid var(--grid);white-space:nowrap}
.data td,.data thead th{text-align:right}
.data th:first-child,.data td:first-child{text-align:left;padding-left:0;padding-right:8px}
.data tbody th{font-weight:400}
.data .scroll{max-height:none}
.data thead th{color:var(--muted);font-weight:600;vertical-align:bottom}
small{font-size:12px;color:var(--muted);font-weight:400}
.definition{display:grid;grid-template-columns:minmax(160px,3fr) 9fr;gap:2px 20px;padding:10px 0;border-top:1px solid var(--grid);font-size:13.5px}
.definition:first-child{border-top:0}
.definitions{margin-top:6px}
.definition dt{font-weight:600}
.definition .model{display:block;margin-top:2px}
.page-foot{margin-top:28px;border-top:1px solid var(--line);padding-top:18px;font-size:13px;color:var(--muted)}
.page-foot h2{font-size:13.5px;color:var(--ink)}
.files{columns:2;column-gap:48px;margin-top:6px}
.files li{display:flex;justify-content:space-between;gap:2px 16px;flex-wrap:wrap;break-inside:avoid;padding:5px 0;border-bottom:1px solid var(--line)}
.file-links{display:flex;gap:14px}
.marks{display:flex;flex-wrap:wrap;gap:10px 28px;margin-top:18px}
.marks dt{font-size:12px}
.marks dd{color:var(--ink);overflow-wrap:anywhere}
@media screen and (max-width:1079px){
.tiles{grid-template-columns:repeat(3,minmax(0,1fr))}
.of-1{grid-template-columns:minmax(0,1fr)}
.of-2,.of-4{grid-template-columns:repeat(2,minmax(0,1fr))}
}
@media screen and (max-width:559px){
.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}
.tiles-small{margin-top:8px}
.of-1{grid-template-columns:minmax(0,1fr)}
.tile,.tile-small{padding:12px}
.card{padding:14px 14px 8px}
.definition{grid-template-columns:minmax(0,1fr)}
.files{columns:1}
}`;

export const chartRules = `
.chart{display:block;width:100%;height:auto}
.chart-medium{max-width:560px}
.chart.only-medium{max-width:760px}
.chart.treemap{max-width:860px}
.chart.treemap.only-wide{max-width:none}
.chart.phone-only{max-width:380px}
.chart,.key,.bars{break-inside:avoid}
.tick{font-size:12px;fill:var(--muted)}
.only-medium .tick{font-size:13px}
.era{font-weight:600}
.partial-label{fill:var(--ink)}
.gridline{stroke:var(--grid);stroke-width:1;shape-rendering:crispEdges}
.zero{stroke:var(--neutral);stroke-width:1;shape-rendering:crispEdges}
.seg{stroke:var(--card);stroke-width:1}
.f-new{fill:var(--good)}
.f-resurrected{fill:var(--resurrected)}
.f-returning{fill:var(--neutral)}
.f-dormant{fill:var(--bad)}
.seg.open{fill-opacity:.45}
.hatch-line{fill:var(--card);fill-opacity:.75}
.spark{display:block;width:100%;height:auto;overflow:visible}
.spark-line{fill:none;stroke:var(--neutral);stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.spark-line-open{stroke-dasharray:2 3}
.spark-target{stroke:var(--muted);stroke-width:1;stroke-dasharray:4 3;opacity:.7}
.spark-last{fill:var(--ink);stroke:var(--card);stroke-width:1.2}
.spark-open{fill:var(--card);stroke:var(--neutral);stroke-width:1.6}
.spark-dot{fill:var(--neutral)}
.cohorts{width:100%;font-size:12.5px}
.cohorts.few{width:auto}
.cohorts th,.cohorts td{padding:4px 3px;text-align:right;white-space:nowrap;border:1px solid var(--card);height:26px}
.cohorts thead th{color:var(--muted);font-weight:600;text-align:center}
.cohorts td{text-align:center;min-width:38px}
.cohorts th:first-child{min-width:84px;position:sticky;left:0;background:var(--card);text-align:left;padding-left:0;padding-right:12px;font-weight:500;z-index:1}
.cohorts thead th:first-child{font-weight:600}
.cohorts .size,.cohorts thead th:nth-child(2){text-align:right;padding-right:10px;color:var(--muted)}
.cohorts .origin{color:var(--muted)}
.cohorts .unknown,.grid-heat .unknown{color:var(--muted)}
.cohorts .mean th{white-space:normal;line-height:1.2}
.cohorts .mean th,.cohorts .mean td{border-top:3px solid var(--card);font-weight:640}
.hatch{background-image:repeating-linear-gradient(135deg,transparent 0 4px,var(--line) 4px 6px)}
.grid-heat{width:100%;height:100%;table-layout:fixed;font-size:13px}
.roomy{min-width:400px}
.card-body>.scroll:has(>.grid-heat){height:100%}
.grid-heat td{padding:0;height:52px;text-align:center;border:2px solid var(--card)}
.grid-heat tbody td.origin{background:var(--page);color:var(--muted)}
.grid-heat th{font-weight:600;color:var(--muted);text-align:center;padding:2px 4px;height:24px}
.grid-heat .corner{vertical-align:bottom;width:64px}
.grid-heat .corner,.grid-heat [scope=colgroup]{font-weight:400;font-size:12.5px}
.cell-name{font-size:13.5px;font-weight:640}
.cell-line,.cell-number{font-size:12.5px}
.frame{fill:none;stroke:var(--line)}
.ramp{width:108px;height:12px;margin:0 4px;vertical-align:-1px}
.range{white-space:nowrap}
.key{columns:2;column-gap:28px;margin-top:10px;font-size:12.5px;counter-reset:key}
.key li{counter-increment:key;break-inside:avoid;padding:2px 0}
.key li::before{content:counter(key);display:inline-block;min-width:1.4em;font-weight:640}
.key .swatch{margin-right:4px;vertical-align:-1px}
.key-value{color:var(--muted)}
.bars li{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:2px 10px;font-size:13px;padding:5px 0}
.bar-name{overflow-wrap:anywhere}
.bar-value{color:var(--muted)}
.bar{grid-column:1/-1;width:100%;height:8px;display:block}
.bar-ground{fill:var(--page)}`;

// after every rule that sets `display`: which drawing of a chart a screen gets
export const variantRules = `
.phone-only,.narrow-only,.only-medium{display:none}
@media screen and (max-width:1240px){
.chart-medium .tick,.only-wide .tick{font-size:13.5px}
}
@media screen and (max-width:1079px){
.only-wide{display:none}
.only-medium{display:block}
.chart-medium .tick{font-size:12px}
}
@media screen and (max-width:679px){
.not-narrow{display:none}
.narrow-only{display:block}
}
@media screen and (max-width:559px){
.not-phone,.chart.only-medium{display:none}
.phone-only{display:block}
}`;

export const printRules = `
@page{size:A4 landscape;margin:11mm}
@media print{
body{background:#fff;font-size:12px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.page{max-width:none;padding:0}
.lead{margin:12px 0}
h1{font-size:20px}
.skip,.language,.card-foot,.under-tiles,.files,.page-foot h2,.page-foot .aid{display:none}
.group{break-before:page;margin-top:0}
.group .span-12+.span-12{break-before:page}
.grid:has(>.span-12){display:block}
.card,.tile{break-inside:avoid}
.scroll{overflow:visible}
.cohorts{font-size:10.5px}
.cohorts th,.cohorts td{padding:2px 1px;height:20px;min-width:0}
.definitions-group{break-inside:avoid}
.chart.only-wide:not(.treemap){display:none}
.chart.only-medium:not(.treemap){display:block;max-width:none}
.only-medium .tick{font-size:8px}
}`;
