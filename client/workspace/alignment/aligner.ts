// Keeps rows level: measures the blocks of all shown texts, and sets the space below each so that a block and its translations
// begin at the same height. One ResizeObserver, one write a frame, and only where a number changed. What it writes are
// margins, which no observed size depends on, so that a measurement never causes another.
import { alignRows, type Rows } from './rows.ts';
import { rowAt, type Spacing, spaceRows } from './spacing.ts';

/** The least height of a row in which a text has no block: room for the button that makes it. */
export const EMPTY_ROW = 44;
/** What a block is taken to measure before it was ever laid out. */
const UNMEASURED = 60;
/** Smaller differences than this are left alone: they cannot be seen and would only be written again and again. */
const TOLERANCE = 0.05;

export interface AlignedText {
  language: string;
  /** The editor's element, whose children are the blocks. */
  dom: HTMLElement;
}

/** A state of the rows: who follows the layout reads it and keeps nothing of it. */
export interface Layout {
  rows: Rows;
  spacing: Spacing;
}

const NOTHING: Layout = { rows: { ids: [], blocks: [] }, spacing: { tops: new Float64Array(1), columns: [] } };

interface Column extends AlignedText {
  ids: string[];
  elements: HTMLElement[];
  writtenBefore: number;
  mutations: MutationObserver;
}

export class Aligner {
  private columns: Column[] = [];
  private sourceIds: () => readonly string[] = () => [];
  private heights = new WeakMap<Element, number>();
  /** The space below each block as it was last written; blocks stay when columns come and go. */
  private readonly written = new WeakMap<HTMLElement, number>();
  private heightsById = new Map<string, number>();
  private readonly resizes: ResizeObserver;
  private readonly listeners = new Set<() => void>();
  private frame = 0;
  private current: Layout = NOTHING;
  private rowOf: Map<string, number>[] = [];

  constructor() {
    this.resizes = new ResizeObserver((entries) => {
      for (const { target, borderBoxSize } of entries) this.heights.set(target, borderBoxSize[0]!.blockSize);
      // Here layout is done and nothing is painted yet: what is written now is seen in this very frame.
      this.write();
    });
  }

  get layout(): Layout {
    return this.current;
  }

  /** The texts to keep level, left to right. `sourceIds`: the blocks of the source, shown or not, which set the order. */
  setTexts(texts: readonly AlignedText[], sourceIds: () => readonly string[]): void {
    this.release();
    this.sourceIds = sourceIds;
    this.columns = texts.map((text) => {
      const mutations = new MutationObserver(() => this.readSoon());
      mutations.observe(text.dom, { childList: true });
      return { ...text, ids: [], elements: [], writtenBefore: -1, mutations };
    });
    this.read();
  }

  /** The order of the source changed though its column may be hidden. */
  readSoon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.read();
    });
  }

  onLayout(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Top of a block, px below the top of the texts. */
  top(language: string, blockId: string): number | null {
    const column = this.columns.findIndex((one) => one.language === language);
    const row = this.rowOf[column]?.get(blockId);
    return row === undefined ? null : this.current.spacing.tops[row]!;
  }

  rowAt(y: number): number {
    return rowAt(this.current.spacing.tops, y);
  }

  element(language: string, blockId: string): HTMLElement | null {
    const column = this.columns.find((one) => one.language === language);
    return column?.elements[column.ids.indexOf(blockId)] ?? null;
  }

  destroy(): void {
    this.release();
    this.resizes.disconnect();
    this.listeners.clear();
  }

  private release(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    for (const column of this.columns) {
      column.mutations.disconnect();
      for (const element of column.elements) this.resizes.unobserve(element);
    }
    this.columns = [];
  }

  /** Blocks came or went. Those that came are measured before the next frame is painted, and only then is anything written. */
  private read(): void {
    let unmeasured = false;
    for (const column of this.columns) {
      const before = new Set(column.elements);
      column.elements = [];
      for (const child of column.dom.children) {
        // The nameless block stands in for a text that has none.
        if (!(child instanceof HTMLElement) || !child.dataset.block) continue;
        column.elements.push(child);
        if (before.delete(child)) continue;
        this.resizes.observe(child, { box: 'border-box' });
        unmeasured = true;
      }
      for (const gone of before) this.resizes.unobserve(gone);
      column.ids = column.elements.map((element) => element.dataset.block!);
    }
    const rows = alignRows([this.sourceIds(), ...this.columns.map(({ ids }) => ids)]);
    this.current = { ...this.current, rows: { ids: rows.ids, blocks: rows.blocks.slice(1) } };
    this.rowOf = this.current.rows.blocks.map((blocks, index) => {
      const { ids } = this.columns[index]!;
      const places = new Map<string, number>();
      blocks.forEach((block, row) => {
        if (block >= 0 && !places.has(ids[block]!)) places.set(ids[block]!, row);
      });
      return places;
    });
    if (unmeasured) this.space();
    else this.write();
  }

  /** Reckons the rows anew from the heights that are known. */
  private space(): Spacing {
    const heights = this.columns.map((column) =>
      Float64Array.from(column.elements, (element, index) => this.heightOf(column, element, index)),
    );
    const spacing = spaceRows(this.current.rows, heights, this.columns.length > 0 ? EMPTY_ROW : 0);
    this.current = { rows: this.current.rows, spacing };
    return spacing;
  }

  private write(): void {
    const spacing = this.space();
    this.columns.forEach((column, index) => {
      const { before, after } = spacing.columns[index]!;
      if (Math.abs(column.writtenBefore - before) > TOLERANCE) {
        column.writtenBefore = before;
        column.dom.style.paddingTop = `${before}px`;
      }
      column.elements.forEach((element, block) => {
        const space = after[block]!;
        if (Math.abs((this.written.get(element) ?? 0) - space) <= TOLERANCE) return;
        this.written.set(element, space);
        element.style.marginBottom = `${space}px`;
      });
    });
    for (const listener of this.listeners) listener();
  }

  private heightOf(column: Column, element: HTMLElement, index: number): number {
    const key = `${column.language}/${column.ids[index]}`;
    const height = this.heights.get(element);
    if (height === undefined) return this.heightsById.get(key) ?? UNMEASURED;
    this.heightsById.set(key, height);
    return height;
  }
}
