/**
 * An operation is one string: offset and time as doubles, then the body as the node made it (`operation-codec.ts`): two bytes
 * of flags and kind, the lengths of id, user, key and payload, and these.
 */
export const operation = `
local function parse_body(text, at)
  local flags, kind, id_size, user_size, key_size, payload_size = struct.unpack('>BBI4I4I4I4', text, at)
  local from = at + 18
  local body = { flags = flags, kind = kind, payload_size = payload_size }
  -- 2: an id, 4: a user, 8: a key.
  if math.floor(flags / 2) % 2 == 1 then body.id = string.sub(text, from, from + id_size - 1) end
  from = from + id_size
  if math.floor(flags / 4) % 2 == 1 then body.user = string.sub(text, from, from + user_size - 1) end
  from = from + user_size
  body.key = string.sub(text, from, from + key_size - 1)
  body.payload_from = from + key_size
  return body
end

local function parse_operation(op)
  local body = parse_body(op, 17)
  body.offset, body.time = struct.unpack('>dd', op)
  body.removal = body.kind > 0
  return body
end

local function stamp(offset, body)
  return struct.pack('>dd', offset, now) .. body
end

-- The operation without its data, of the kind \`redacted\`: its place, time, id and user stay.
local function redacted(op)
  local flags, _, id_size, user_size, key_size = struct.unpack('>BBI4I4I4', op, 17)
  local head = struct.pack('>BBI4I4I4I4', flags - flags % 2, 4, id_size, user_size, key_size, 0)
  return string.sub(op, 1, 16) .. head .. string.sub(op, 35, 34 + id_size + user_size + key_size)
end

-- A message id counts for a user (PUB-3).
local function id_key(body)
  if not body.id then return nil end
  if not body.user then return ':' .. body.id end
  return #body.user .. ':' .. body.user .. body.id
end
`;
