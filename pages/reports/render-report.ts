import type { Visual } from '../../core/dashboards/types.ts';
import type { Reader } from '../chart.ts';
import { ValueFormat } from '../format-value.ts';
import { type Html, html } from '../html.ts';
import { pageTexts } from '../page-texts.ts';
import { renderVisual } from '../render-visual.ts';
import { styleSheet } from '../style-sheets.ts';
import { aboutReport, periodName, warningsOf } from './about-report.ts';
import type { Report, ReportedVisual } from './gather-report.ts';
import { type ReportTexts, reportTexts } from './report-texts.ts';

/** A page by itself, without a script: nothing is fetched to read it, and nothing in it can run. */
export async function renderReport(report: Report, theme: 'auto' | 'light'): Promise<string> {
  const { language, set } = report;
  const reader: Reader = { set, language, texts: pageTexts(language), format: new ValueFormat(language, set.words) };
  const texts = reportTexts(language);
  const title = reportTitle(report);
  const style = `${await styleSheet('pages.css')}${await styleSheet('reports/report.css')}${footLine(title, texts)}`;
  const warnings = warningsOf(report).map((warning) => html`<p class="banner">${warning}</p>`);
  const sheets = report.sheets.map(
    ({ id, title: name, visuals }) =>
      html`<section aria-labelledby="sheet-${id}"><h2 id="sheet-${id}">${name[language]}</h2><div class="cards">${visuals.map((one) => card(one, report, reader, texts))}</div></section>`,
  );
  // The style is ours alone: it goes in as it is, since entities mean nothing in it.
  const head = `<style>${style}</style>`;
  return `<!doctype html>\n<html lang="${language}" data-theme="${theme}"><head><meta charset="utf-8"><meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">${html`<title>${title}</title>`.text}${head}</head>
<body>${
    html`<main><h1>${title}</h1>
${warnings}
${sheets}
${about(report, reader, texts)}</main>`.text
  }</body></html>\n`;
}

/** What the report is called, with its period. */
export function reportTitle({ dashboard, language, period }: Report): string {
  const name = dashboard.title[language];
  return period === undefined ? name : `${name} – ${periodName(period, language)}`;
}

function card({ visual, answer, isOverall }: ReportedVisual, report: Report, reader: Reader, texts: ReportTexts): Html {
  return renderVisual(onPaper(isOverall ? named(visual, reader, texts) : visual), answer, reader, report.address);
}

/** A report has no other page to go to. */
function onPaper(visual: Visual): Visual {
  if (visual.kind !== 'bar' && visual.kind !== 'scatter') return visual;
  const { drill: _, ...rest } = visual;
  return rest;
}

function named(visual: Visual, { language }: Reader, texts: ReportTexts): Visual {
  return { ...visual, title: { ...visual.title, [language]: `${visual.title[language]} (${texts.overall})` } };
}

function about(report: Report, { format, texts: page }: Reader, texts: ReportTexts): Html {
  const facts = aboutReport(report).map(
    ({ label, value, format: as }) => html`<div><dt>${label}</dt><dd>${format.value(value, as)}</dd></div>`,
  );
  const rows = report.sheets.flatMap(({ visuals }) =>
    visuals.map(({ visual, answer }) => {
      const count = 'rows' in answer ? format.value(answer.rows.length, 'count') : page.failed;
      return html`<tr><th scope="row">${visual.title[report.language]}</th><td class="number">${count}</td></tr>`;
    }),
  );
  return html`<section class="about" aria-labelledby="about"><h2 id="about">${texts.about}</h2><dl>${facts}</dl>${
    rows.length === 0
      ? undefined
      : html`<table><thead><tr><th scope="col">${texts.visual}</th><th scope="col" class="number">${texts.rows}</th></tr></thead><tbody>${rows}</tbody></table>`
  }</section>`;
}

/** The line at the foot of each printed page. */
function footLine(title: string, { page }: ReportTexts): string {
  const text = (given: string) =>
    `"${given.replace(/[^\p{L}\p{N} ?,–-]/gu, (it) => `\\${it.codePointAt(0)?.toString(16)} `)}"`;
  return `@page { @bottom-left { content: ${text(title)}; } @bottom-right { content: ${text(`${page} `)} counter(page) " / " counter(pages); } }\n`;
}
