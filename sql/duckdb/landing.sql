-- Macros of landing: the one normaliser of identifiers, times and property keys. Nothing else ever normalises.
-- Variables: hmac_inner and hmac_outer (the key, padded as RFC 2104 says), calling_code, trunk_prefix, blocked.

-- Keyed hash of a personal value: HMAC-SHA-256, its first 128 bits. The kind keeps an e-mail from equalling a name.
create temp macro personal_key(kind, value) as
    'pk_' || left(
        sha256(
            getvariable('hmac_outer')
            || unhex(sha256(getvariable('hmac_inner') || encode(kind || ':' || value)))
        ),
        32
    );

create temp macro is_personal_key(value) as length(value) = 35 and starts_with(value, 'pk_');

-- For columns that identify nobody: blanks at the ends say nothing. As many bytes as characters are ASCII, and to see that
-- is ten times cheaper than to trim.
create temp macro plain_text(value) as
    case
        when value between '!' and '~' and strlen(value) = length(value) and not ends_with(value, ' ') then value
        else nullif(trim(value), '')
    end;

-- names have letters beyond ASCII: most begin and end with a visible ASCII character
create temp macro clean_text(value) as
    case
        when value between '!' and '~' and value[-1] between '!' and '~' then nfc_normalize(value)
        else nullif(
            trim(nfc_normalize(value), ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)), ''
        )
    end;

-- No regular expression below this line and above `identifier`: inside a lambda DuckDB compiles one anew for every row.

create temp macro has_email_shape(clean) as
    strpos(clean, '@') > 1
    and not contains(clean, ' ')
    and split_part(clean, '@', 3) = ''
    and strpos(split_part(clean, '@', 2), '.') > 1
    and not ends_with(clean, '.')
    and not ends_with(clean, '@');

-- null where the text does not have the shape of an e-mail address: then it is no identifier
create temp macro shaped_email(clean) as case when has_email_shape(clean) then lower(clean) end;

create temp macro phone_digits(clean) as translate(clean, ' -()./' || chr(9) || chr(160), '');

-- The digits with a country's code in front, or null. Whether a number is left after + and 00 is for the next step to say,
-- which must have a column: this text repeats its argument fourteen times.
create temp macro dialled_number(digits) as
    case
        when starts_with(digits, '+') then substr(digits, 2)
        when starts_with(digits, '00') then substr(digits, 3)
        when try_cast(digits as hugeint) is null or starts_with(digits, '-') then null
        when length(digits) between 11 and 13 and starts_with(digits, getvariable('calling_code')) then digits
        when
            length(digits) between 8 and 12
            and getvariable('trunk_prefix') <> ''
            and starts_with(digits, getvariable('trunk_prefix'))
            then getvariable('calling_code') || substr(digits, length(getvariable('trunk_prefix')) + 1)
        when length(digits) between 7 and 11 then getvariable('calling_code') || digits
    end;

-- null where the number is too short or too long to be one
create temp macro international(number) as
    case
        when
            try_cast(number as hugeint) is not null
            and length(number) between 8 and 15
            and not list_contains(['0', '-', '+'], left(number, 1))
            then '+' || number
    end;

-- E.164 by the source's country
create temp macro digits_to_e164(digits) as international(dialled_number(digits));

-- of a cleaned value; the argument must be a column, because it is repeated
create temp macro normalise_personal(kind, clean) as
    case kind
        when 'email' then coalesce(shaped_email(clean), lower(clean))
        when 'phone' then coalesce(digits_to_e164(phone_digits(clean)), clean)
        else lower(clean)
    end;

-- the key that stands for a cleaned personal value wherever it is kept; a key stays itself
create temp macro key_of(kind, clean) as
    case
        when clean is null then null
        when is_personal_key(clean) then clean
        else personal_key(kind, normalise_personal(kind, clean))
    end;

create temp macro unblocked(value) as
    case
        when length(value) > 40 then value
        when not list_contains(getvariable('blocked'), lower(value)) then value
    end;

-- A mobile number written as one, with the country's own code or trunk prefix; shorter numbers may be ids.
create temp macro has_phone_shape(value) as
    regexp_full_match(value, '(\+|00)[1-9][0-9 ()./-]{7,18}')
    or (
        getvariable('calling_code') = '90'
        and regexp_full_match(value, '\(?(90|0)?[ ]?\(?5[0-9]{2}\)?[ -]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}')
    );

-- The digits of an identifier that has the shape of a phone number. To make a number of them takes steps of their own: macros
-- repeat their arguments, and to make the thousands of expressions ready takes longer than to run them over a batch.
create temp macro identifier_digits(clean) as
    case
        when length(clean) >= 10 and clean between '(' and ':' and has_phone_shape(clean) then phone_digits(clean)
    end;

-- an identifier as given, unless it has the shape of an e-mail address or is the phone number `number`
create temp macro shaped_identifier(clean, number) as
    case
        when clean is null then null
        when contains(clean, '@') and has_email_shape(clean) then personal_key('email', lower(clean))
        when number is not null then personal_key('phone', number)
        else unblocked(clean)
    end;

-- snake_case of a name: camelCase parted, Turkish letters without their marks, the rest an underscore
create temp macro snake_case(name) as
    trim(
        regexp_replace(
            lower(
                replace(
                    strip_accents(
                        regexp_replace(
                            regexp_replace(name, '([A-Z]+)([A-Z][a-z])', '\1_\2', 'g'),
                            '([a-z0-9])([A-Z])', '\1_\2', 'g'
                        )
                    ),
                    'ı', 'i'
                )
            ),
            '[^a-z0-9]+', '_', 'g'
        ),
        '_'
    );

-- top-level keys as [a-z0-9_]+; of two keys that become one the first is kept, and JSON nulls are dropped
create temp macro renamed_keys(object) as
    list_reduce(
        list_transform(
            json_keys(object),
            lambda k: json_object(
                case when snake_case(k) = '' then '_' else snake_case(k) end,
                case when k <> '' then json_extract(object, '$."' || replace(k, '"', '\"') || '"') end
            )
        ),
        lambda kept, next: json_merge_patch(next, kept)
    );

create temp macro are_snake_case(keys) as regexp_full_match(array_to_string(keys, chr(31)), '[a-z0-9_\x1f]*');

-- an offset that some place on earth has: from -12:00 to +14:00
create temp macro has_offset(value) as regexp_matches(
    value,
    '([01]?[0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*([+](0[0-9]|1[0-3])(:?[0-5][0-9])?|[+]14(:?00)?|-(0[0-9]|1[01])(:?[0-5][0-9])?|-12(:?00)?)$'
);

create temp macro is_without_offset(value) as
    regexp_full_match(value, '[0-9-]{8,10}([T ]+([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]*)?)?)?');

create temp macro is_currency_text(value) as length(value) = 3 and regexp_full_match(value, '[A-Z]{3}');

-- Begins with a date of four-digit year; words such as infinity are no time. DuckDB would take 24:00 for the next day.
create temp macro is_time_text(value) as
    value like '____-__-__%' and value not like '___________24%';

-- UTC to the millisecond; `parsed` is the text's own cast, which knows no offset but takes Z, +99:00 and UTC for nothing
create temp macro in_utc(parsed, value, zone) as
    date_trunc('millisecond', case
        when parsed is null then null
        when ends_with(value, 'Z') then parsed
        when is_without_offset(value)
            then case when zone = 'UTC' then parsed else timezone('UTC', timezone(zone, parsed)) end
        when has_offset(value)
            then timezone('UTC', try_cast(regexp_replace(value, '([+-][0-9]{2})([0-9]{2})$', '\1:\2') as timestamptz))
    end);

-- A value finer than its column: 1.234 is more likely 1234 in Turkish notation than a price, and is never rounded.
-- What a floating-point number adds (19.990000000000002) is no such thing.
-- Few texts have more than two digits after the dot, or an exponent: only those are cast, because the cast is dear.
create temp macro is_finer(value, rounded) as
    case
        when contains(value, '.') and strlen(value) - strpos(value, '.') > 2 or contains(value, 'e') or contains(value, 'E')
            then abs(try_cast(value as decimal(38, 12)) - rounded) > 0.000001
        else false
    end;

-- E-mail addresses in free text: what a declared field does not cover.
create temp macro stray_emails(value) as
    case
        when value is null then null
        when contains(value, '@') or contains(value, '%40')
            then regexp_extract_all(value, '[^\s"''<>(),;:=&?/\\@]+(?:@|%40)[^\s"''<>(),;:=&?/\\@.]+(?:\.[^\s"''<>(),;:=&?/\\@.]+)+')
        else []::varchar[]
    end;

-- Written-out mobile numbers too: for what goes to quarantine only, because an id of a loaded row may look like one.
create temp macro stray_personal(value) as
    list_concat(
        stray_emails(value),
        regexp_extract_all(value, '(?:\+[1-9][0-9]{9,14}|\b0?5[0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}\b|\(0?5[0-9]{2}\) ?[0-9]{3} ?[0-9]{2} ?[0-9]{2})')
    );

create temp macro stray_kind(value) as case when contains(value, '@') or contains(value, '%40') then 'email' else 'phone' end;

create temp macro given_stray(value) as replace(value, '%40', '@');

-- an unquoted number in JSON becomes a quoted key, so that the text stays JSON
create temp macro without_stray(content, stray, stray_key) as
    replace(
        replace(replace(content, ':' || stray, ':"' || stray_key || '"'), ': ' || stray, ': "' || stray_key || '"'),
        stray,
        stray_key
    );

-- Each distinct stray beside its key. Steps of their own, for the macros repeat their arguments: nested into one another
-- they take a tenth of a second to plan, for a file of any size.
create temp macro stray_keys(strays) as
    list_transform(
        list_transform(
            list_distinct(strays),
            lambda stray: {'content': stray, 'kind': stray_kind(stray), 'clean': clean_text(given_stray(stray))}
        ),
        lambda stray: {'content': stray.content, 'stray_key': key_of(stray.kind, stray.clean)}
    );

create temp macro without_strays(value, strays) as
    case
        when value is null or coalesce(len(strays), 0) = 0 then value
        else list_reduce(
            stray_keys(strays),
            lambda rest, next: {'content': without_stray(rest.content, next.content, next.stray_key), 'stray_key': ''},
            {'content': value, 'stray_key': ''}
        ).content
    end;

create temp macro starts_as_object(content) as
    case
        when starts_with(content, '{') then true
        else starts_with(ltrim(content, ' ' || chr(9) || chr(10) || chr(13)), '{')
    end;

create temp macro is_json_object(content) as json_valid(content) and starts_as_object(content);

-- What stands in quarantine for a text that cannot be taken apart: no JSON, so that it is never mistaken for an item;
-- with the keys of the addresses and numbers in it, so that whoever looks for a person finds the line.
create temp macro withheld_text(content) as
    'withheld: ' || length(content) || ' characters, ' || array_to_string(
        list_prepend(
            personal_key('line', content),
            list_sort(list_distinct(list_transform(stray_keys(stray_personal(content)), lambda stray: stray.stray_key)))
        ),
        ', '
    );
