/**
 * How wide an element is, pixels: what is drawn in it is drawn anew when that changes. Before it is known, about what
 * the page's is: what is below would jump if nothing were drawn at first.
 */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(() => document.body.clientWidth - 20);
  useLayoutEffect(() => {
    const measure = (): void => setWidth(frame.current?.clientWidth ?? width);
    measure();
    const sizes = new ResizeObserver(measure);
    if (frame.current) sizes.observe(frame.current);
    return () => sizes.disconnect();
  }, []);
  return [frame, width];
}
