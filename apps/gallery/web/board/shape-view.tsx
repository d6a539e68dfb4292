import { Fragment, type ReactElement, memo } from 'react';
import { strokePath } from './draw.js';
import { type Measure, firstBaseline, layOutText, lineHeight } from './lay-out-text.js';
import type { ArrowShape, BoxShape, NewShape, Shape, StrokeShape } from './shape.js';
import { describeShape } from './words.js';

interface ShapeViewProps {
  readonly shape: Shape;
  /** The way of an arrow. Undefined for other shapes. */
  readonly path: string | undefined;
  readonly isSelected: boolean;
  /** Its text stands in the field that lies over it. */
  readonly isEdited: boolean;
  readonly measure: Measure;
}

/** One shape, drawn again only when it has changed. */
export const ShapeView = memo(function ShapeView(props: ShapeViewProps): ReactElement {
  const { shape, path, isSelected, isEdited, measure } = props;
  return (
    <g
      id={`shape-${shape.id}`}
      data-shape={shape.id}
      className={`shape shape-${shape.kind} ink-${shape.color}`}
      role="option"
      aria-selected={isSelected}
      aria-label={describeShape(shape)}
    >
      {'text' in shape ? (
        <Box shape={shape} measure={measure} hidesText={isEdited} />
      ) : (
        <Path d={path ?? (shape.kind === 'stroke' ? strokePath(shape) : '')} />
      )}
    </g>
  );
});

/** A shape that is being drawn, which is nobody's yet. */
export function DraftView({ shape, path }: { readonly shape: NewShape; readonly path: string }): ReactElement {
  return (
    <g className={`shape shape-${shape.kind} ink-${shape.color}`}>
      {shape.kind === 'arrow' || shape.kind === 'stroke' ? <Path d={path} /> : <Outline shape={shape} />}
    </g>
  );
}

/** A wide line that nobody sees makes a thin one easy to hit. */
function Path({ d }: { readonly d: string }): ReactElement {
  return (
    <>
      <path className="shape-hit" d={d} />
      <path className="shape-line" d={d} />
    </>
  );
}

interface BoxProps {
  readonly shape: BoxShape;
  readonly measure: Measure;
  readonly hidesText: boolean;
}

function Box({ shape, measure, hidesText }: BoxProps): ReactElement {
  const lines = hidesText ? [] : layOutText(shape, measure);
  const x = shape.x + shape.width / 2;
  const y = firstBaseline(shape, lines.length);
  return (
    <>
      <Outline shape={shape} />
      {lines.length > 0 && (
        <text className="shape-text" textAnchor="middle">
          {lines.map((line, i) => (
            <Fragment key={i}>
              {/* Without a width: words of two lines are two words, for whoever does not see them. */}
              {i > 0 && <tspan fontSize={0}> </tspan>}
              <tspan x={x} y={y + i * lineHeight}>
                {line}
              </tspan>
            </Fragment>
          ))}
        </text>
      )}
    </>
  );
}

type Outlined = Exclude<NewShape, Pick<ArrowShape, 'kind'> | Pick<StrokeShape, 'kind'>>;

function Outline({ shape: { kind, x, y, width, height } }: { readonly shape: Outlined }): ReactElement {
  if (kind === 'ellipse') {
    const [rx, ry] = [width / 2, height / 2];
    return <ellipse className="shape-box" cx={x + rx} cy={y + ry} rx={rx} ry={ry} />;
  }
  return <rect className="shape-box" x={x} y={y} width={width} height={height} rx={kind === 'note' ? 2 : 8} />;
}
