/** What the host gives the pages: the desktop shell or a browser on the same machine. */
import type { Commands, Failure, FileRef } from '@/api/types';
import { tauri } from './tauri';
import { web } from './web';

export type CommandName = keyof Commands;
export type Request<C extends CommandName> = Commands[C]['request'];
export type Response<C extends CommandName> = Commands[C]['response'];
export type PickKind = 'sheet' | 'evidence' | 'policy';

export interface Platform {
  /** Rejects with a `Failure`, never with anything else. */
  call<C extends CommandName>(command: C, request: Request<C>): Promise<Response<C>>;
  /** Empty if nothing was chosen. */
  pick(kind: PickKind, multiple: boolean): Promise<FileRef[]>;
  /** Files dropped on the window; gives back what ends it. */
  onDrop(
    handler: (files: FileRef[]) => void,
    hover?: (over: boolean) => void,
    refused?: (failure: Failure) => void,
  ): () => void;
  /** Evidence that the system asked to be opened. */
  onOpened(handler: (files: FileRef[]) => void): () => void;
  save(file: FileRef): Promise<{ saved: boolean; where: string | null }>;
}

let chosen: Platform | undefined;

export function platform(): Platform {
  chosen ??= '__TAURI_INTERNALS__' in window ? tauri() : web();
  return chosen;
}

/** Another platform, for tests. */
export function usePlatform(other: Platform): void {
  chosen = other;
}
