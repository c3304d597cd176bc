// The rules of the lifecycle cards, between those of charts and those that choose a drawing.

export const stageRules = `
.st-lapsed{fill:var(--neutral)}
.extra{fill-opacity:.6}
.area{stroke:var(--card);stroke-width:1}
.side-label{font-size:12.5px;fill:var(--ink)}
.strong{font-weight:640}
.leader{fill:none;stroke:var(--neutral);stroke-width:1}
.partial-edge{stroke:var(--neutral);stroke-width:1;stroke-dasharray:2 3}
.mark-tick{stroke:var(--muted);stroke-width:1;stroke-dasharray:1 3}
.mark-number{font-weight:600}
.chart-side{max-width:800px}
.chart-narrow{max-width:420px}
.ribbon{fill:var(--neutral);fill-opacity:.28}
.move-advance,.move-enter,.move-reactivate{fill:var(--good)}
.move-skip{fill:var(--resurrected)}
.move-return{fill:var(--caution)}
.move-lapse{fill:var(--bad)}
.ribbon.move-advance,.ribbon.move-enter,.ribbon.move-reactivate,.ribbon.move-skip,.ribbon.move-return,.ribbon.move-lapse{fill-opacity:.78}
.move-stay,.move-other{fill:var(--neutral);fill-opacity:.28}
.numbers,.mark-list{font-size:12.5px;margin-top:10px}
.numbers li,.mark-list li{display:flex;gap:8px;padding:2px 0}
.numbers li span,.mark-list li span{min-width:0;overflow-wrap:anywhere}
.numbers b,.mark-list b{flex:none;min-width:1.4em}
.numbers.narrow-only{display:none}
.sub{font-size:13px;font-weight:600;color:var(--muted);margin-top:16px}
.stages li{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:3px 14px;padding:7px 0;font-size:13.5px}
.stages .name{display:flex;gap:8px;min-width:0;overflow-wrap:anywhere}
.stages .name>span{min-width:0}
.stages .rank{color:var(--muted);flex:none;min-width:1.1em}
.stages .name .swatch{margin-top:4px}
.stages .count{white-space:nowrap;text-align:right}
.stages .count b{font-weight:640}
.stages .count small{margin-left:6px}
.stages .track{display:block;width:100%;height:10px;margin-top:4px}
.stages .change{font-size:12.5px;color:var(--muted);text-align:right;white-space:nowrap;min-width:9.5em}
.stages .apart{border-top:1px solid var(--line);margin-top:6px;padding-top:9px}
.stages .all{font-weight:640}
.track-ground{fill:var(--page)}
.finding{font-size:14px;font-weight:600;margin-bottom:12px;text-wrap:pretty;overflow-wrap:anywhere}
.dropoffs{border-top:1px solid var(--grid)}
.dropoffs li{display:grid;grid-template-columns:minmax(0,1fr) 96px;gap:2px 18px;padding:9px 0 8px;border-bottom:1px solid var(--grid);font-size:13.5px}
.dropoffs .head{color:var(--muted);font-size:12.5px;padding:0 0 4px;border:0}
.dropoffs .name{display:flex;justify-content:space-between;gap:12px;min-width:0}
.dropoffs .name span{min-width:0;overflow-wrap:anywhere}
.dropoffs .name b{white-space:nowrap;font-weight:640}
.dropoffs .lost{grid-column:2;grid-row:1/span 3;align-self:center;text-align:right;font-size:20px;font-weight:660;letter-spacing:-.01em;line-height:1.2;overflow-wrap:anywhere}
.dropoffs .head .lost{font-size:12.5px;font-weight:400;letter-spacing:0;grid-row:1;color:var(--muted)}
.dropoffs .main .lost{color:var(--bad)}
.dropoffs .lost.flat{font-size:13px;font-weight:400;letter-spacing:0}
.dropoffs .gauge{grid-column:1;display:block;width:100%;height:18px;overflow:visible}
.dropoffs .under{grid-column:1;font-size:12.5px;color:var(--muted);display:flex;flex-wrap:wrap;gap:0 10px}
.dropoffs .under span{overflow-wrap:anywhere}
.rate-met{fill:var(--good)}
.rate-missed{fill:var(--bad)}
.rate-plain{fill:var(--neutral)}
.target-tick{stroke:var(--ink);stroke-width:2}
.diamond{fill:var(--card);stroke:var(--ink);stroke-width:1.5}
.moves li{display:grid;grid-template-columns:12px minmax(0,1fr) auto;gap:0 8px;align-items:baseline;font-size:13px;padding:3px 0}
.moves .route{overflow-wrap:anywhere}
.moves .much{color:var(--muted);text-align:right}
.moves .much b{color:var(--ink);font-weight:640}
.matrix th,.matrix td,.matrix thead th{white-space:normal;min-width:84px;max-width:190px;vertical-align:top;overflow-wrap:break-word}
.matrix th:first-child{min-width:120px}
.matrix td small{display:block}
.profiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(330px,1fr));gap:12px}
.profile{border:1px solid var(--line);border-radius:6px;padding:14px 16px 12px;min-width:0;break-inside:avoid;display:flex;flex-direction:column;gap:12px;font-size:13px}
.profile h3{font-size:15px;min-height:0;display:flex;gap:8px;align-items:baseline}
.profile h3 .swatch{align-self:center}
.profile h3 .rank{color:var(--muted);font-weight:400}
.profile h3>span{min-width:0}
.profile .state{color:var(--muted);margin-top:2px}
.profile .state b{color:var(--ink);font-weight:640}
.profile .pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:14px}
.profile .pair>div{border-top:2px solid var(--line);padding-top:6px}
.profile dt,.profile h4{font-size:12px;font-weight:400;color:var(--muted);margin:0}
.profile dd,.profile li,.profile .pair p{overflow-wrap:anywhere}
.profile .pair p{font-weight:600;text-wrap:pretty}
.profile dl{display:grid;gap:7px}
.profile .plain li{padding:1px 0 1px 12px;position:relative}
.profile .plain li::before{content:"–";position:absolute;left:0;color:var(--muted)}
.profile .figures{margin-top:2px}
.profile .figures li{display:flex;justify-content:space-between;gap:14px;padding:3px 0;border-bottom:1px solid var(--grid)}
.profile .figures li:last-child{border-bottom:0}
.profile .figures span:first-child{min-width:50%;overflow-wrap:anywhere}
.profile .figures b{font-weight:640;white-space:nowrap}
.profile .figures .flat{text-align:right}
.lifecycle-head{font-size:20px;font-weight:640;margin-top:28px;scroll-margin-top:12px;overflow-wrap:anywhere}
.lifecycle-list{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:13px;margin-top:14px;color:var(--muted)}
@media screen and (min-width:1080px) and (max-width:1240px){
.chart-side .side-label,.chart-side .tick{font-size:13px}
}
@media screen and (min-width:1080px){
.dropoffs:not(:has(li:nth-child(7))) li:not(.head){min-height:112px;align-content:center}
}
@media screen and (max-width:559px){
.profiles{grid-template-columns:minmax(0,1fr)}
.moves li{grid-template-columns:12px minmax(0,1fr);padding:5px 0}
.moves .much{grid-column:2;text-align:left}
.dropoffs li{grid-template-columns:minmax(0,1fr) 74px;gap:2px 12px}
}
@media screen and (max-width:430px){
.stages .name{grid-column:1/-1}
.stages .count{grid-column:2;grid-row:2}
.stages .track{grid-column:1;grid-row:2;margin-top:6px}
.stages .change{grid-column:1/-1}
}
@media print{
.stages li,.dropoffs li,.moves li,.numbers li{break-inside:avoid}
.lifecycle-head{break-before:page;margin-top:0}
.lifecycle-head+.group{break-before:auto}
.lifecycle-list{display:none}
.profiles{grid-template-columns:repeat(3,minmax(0,1fr));gap:8px}
.profile{padding:8px 10px;font-size:11px;gap:7px}
.profile h3{font-size:12.5px}
.chart-side{max-width:500px}
.profiles-card{break-inside:auto}
}`;
