/* global Redoc */

const FONT = 'system-ui, sans-serif';
const MONOSPACE = "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace";

const LIGHT = {
  text: '#1c2024',
  quiet: '#5b6470',
  line: '#e3e5e8',
  link: '#1f5f99',
  surface: '#f4f4f2',
  code: '#8a3b12',
  codeSurface: '#f0efec',
  panel: '#22303c',
  well: '#1a7f4b',
  bad: '#b42318',
};

const DARK = {
  text: '#e6e8ea',
  quiet: '#9aa4af',
  line: '#2d3339',
  link: '#7db8ec',
  surface: '#1b1f23',
  code: '#f0b48a',
  codeSurface: '#23282d',
  panel: '#1b1f23',
  well: '#58c98b',
  bad: '#ff8a7a',
};

const dark = matchMedia('(prefers-color-scheme: dark)');
const options = { hideDownloadButton: true, theme: themeOf(dark.matches ? DARK : LIGHT) };
Redoc.init('/openapi.json', options, document.getElementById('redoc'));

// Redoc takes its colours once, when it starts.
dark.addEventListener('change', () => location.reload());

function themeOf(colors) {
  return {
    colors: {
      primary: { main: colors.link },
      success: { main: colors.well },
      error: { main: colors.bad },
      // These stand on the panel, which is dark either way.
      responses: { success: { tabTextColor: DARK.well }, error: { tabTextColor: DARK.bad } },
      text: { primary: colors.text, secondary: colors.quiet },
      border: { dark: colors.line, light: colors.line },
      gray: { 50: colors.surface, 100: colors.surface },
    },
    schema: { nestedBackground: colors.surface, linesColor: colors.line, typeNameColor: colors.quiet },
    sidebar: { backgroundColor: colors.surface, textColor: colors.text, activeTextColor: colors.link },
    rightPanel: { backgroundColor: colors.panel },
    typography: {
      fontFamily: FONT,
      fontSize: '15px',
      headings: { fontFamily: FONT, fontWeight: '650' },
      code: { fontFamily: MONOSPACE, color: colors.code, backgroundColor: colors.codeSurface },
      links: { color: colors.link },
    },
  };
}
