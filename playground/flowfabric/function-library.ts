/**
 * A stand-in for FlowFabric's function library, written from the contract of its three functions alone. A hash
 * `playground:fault:{fp:<partition>}` with `kind` (`conflict`, or the text of an error) and maybe `times` makes the
 * rotation of that partition fail.
 */
export const functionLibrary = `#!lua name=flowfabric

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function take_fault(key)
  local name = 'playground:fault:' .. (string.match(key, '{fp:%d+}') or '')
  local kind = redis.call('HGET', name, 'kind')
  if not kind then return nil end
  if redis.call('HEXISTS', name, 'times') == 1 and redis.call('HINCRBY', name, 'times', -1) <= 0 then
    redis.call('DEL', name)
  end
  return kind
end

local function fields_of(key)
  local list = redis.call('HGETALL', key)
  local fields = {}
  for i = 1, #list, 2 do fields[list[i]] = list[i + 1] end
  return fields
end

local function collect(key, fields, now)
  local collected = 0
  for name, value in pairs(fields) do
    local kid = string.match(name, '^expires_at:(.*)$')
    if kid then
      local expiry = tonumber(value)
      if not expiry or expiry <= 0 or expiry < now then
        redis.call('HDEL', key, name, 'secret:' .. kid)
        collected = collected + 1
      end
    end
  end
  return collected
end

local function rotate(keys, args)
  local key, kid, secret, grace = keys[1], args[1] or '', args[2] or '', tonumber(args[3])
  if kid == '' or string.find(kid, ':', 1, true) then return {0, 'invalid_kid'} end
  if secret == '' or #secret % 2 == 1 or string.find(secret, '[^0-9a-fA-F]') then return {0, 'invalid_secret_hex'} end
  if not grace or grace < 0 or grace ~= math.floor(grace) or grace > 9007199254740991 then
    return {0, 'invalid_grace_ms'}
  end
  local fault = take_fault(key)
  if fault == 'conflict' then return {0, 'rotation_conflict', kid} end
  if fault then return redis.error_reply(fault) end
  local current = redis.call('HGET', key, 'current_kid')
  if current == kid then
    local stored = redis.call('HGET', key, 'secret:' .. kid)
    if stored and stored ~= secret then return {0, 'rotation_conflict', kid} end
    if not stored then redis.call('HSET', key, 'secret:' .. kid, secret) end
    return {1, 'OK', 'noop', kid}
  end
  local now = now_ms()
  local collected = collect(key, fields_of(key), now)
  if current then
    local expiry = string.format('%.0f', now + grace)
    redis.call('HSET', key, 'previous_kid', current, 'previous_expires_at', expiry, 'expires_at:' .. current, expiry)
  end
  redis.call('HSET', key, 'current_kid', kid, 'secret:' .. kid, secret)
  return {1, 'OK', 'rotated', current or '', kid, tostring(collected)}
end

local function list(keys)
  local now = now_ms()
  local fields = fields_of(keys[1])
  local retired, count = {}, 0
  for name, value in pairs(fields) do
    local kid = string.match(name, '^expires_at:(.*)$')
    local expiry = tonumber(value)
    if kid and kid ~= fields['current_kid'] and expiry and expiry >= now then
      retired[#retired + 1] = kid
      retired[#retired + 1] = value
      count = count + 1
    end
  end
  local reply = {1, 'OK', fields['current_kid'] or '', tostring(count)}
  for _, item in ipairs(retired) do reply[#reply + 1] = item end
  return reply
end

redis.register_function('ff_version', function() return '34' end)
redis.register_function('ff_rotate_waitpoint_hmac_secret', rotate)
redis.register_function('ff_list_waitpoint_hmac_kids', list)
`;
