// Dates, numbers and spans of time in Kyrgyz, as CLDR (through Node's ICU) writes them: browsers have no Kyrgyz data and
// silently show English. A test compares this table with Node's ICU. Plural forms need no table: browsers have those.

const MONTHS = [
  'январь',
  'февраль',
  'март',
  'апрель',
  'май',
  'июнь',
  'июль',
  'август',
  'сентябрь',
  'октябрь',
  'ноябрь',
  'декабрь',
];
const MONTHS_SHORT = ['янв.', 'фев.', 'мар.', 'апр.', 'май', 'июн.', 'июл.', 'авг.', 'сен.', 'окт.', 'ноя.', 'дек.'];

export type RelativeUnit = 'minute' | 'hour' | 'day';

const FUTURE: Record<RelativeUnit, string> = { minute: 'мүнөттөн', hour: 'сааттан', day: 'күндөн' };
const PAST: Record<RelativeUnit, string> = { minute: 'мүнөт', hour: 'саат', day: 'күн' };
const DAYS: Record<number, string> = { [-2]: 'мурдагы күнү', [-1]: 'кечээ', 0: 'бүгүн', 1: 'эртең', 2: 'бүрсүгүнү' };

/** "азыр" */
export const KY_NOW = 'азыр';

/** "5-июнь" */
export function kyDay(date: Date): string {
  return `${date.getDate()}-${MONTHS[date.getMonth()]}`;
}

/** "2026-ж., 5-июн." */
export function kyDate(date: Date): string {
  return `${date.getFullYear()}-ж., ${date.getDate()}-${MONTHS_SHORT[date.getMonth()]}`;
}

/** "09:07" */
export function kyTime(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** "1 234 567,5" with no-break spaces; at most one digit after the comma. */
export function kyNumber(value: number): string {
  const [whole = '0', fraction] = String(Math.round(Math.abs(value) * 10) / 10).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u00A0');
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `,${fraction}`}`;
}

/** "5 мүнөт мурун", "2 күндөн кийин", "кечээ" */
export function kyRelative(value: number, unit: RelativeUnit): string {
  if (unit === 'day' && DAYS[value] !== undefined) return DAYS[value];
  return value < 0 ? `${-value} ${PAST[unit]} мурун` : `${value} ${FUTURE[unit]} кийин`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
