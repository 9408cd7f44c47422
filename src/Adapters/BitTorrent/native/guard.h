// What every function of the C interface is wrapped in: no exception leaves it, and each failure has a code and a text.
#ifndef EVENTARCHIVE_GUARD_H
#define EVENTARCHIVE_GUARD_H

#include "eventarchive_torrent.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

struct failure : std::runtime_error {
    failure(ea_code c, std::string const& what) : std::runtime_error(what), code(c) {}
    ea_code code;
};

inline void write_text(char* text, int32_t bytes, char const* what) noexcept {
    if (text == nullptr || bytes <= 0) return;
    auto const length = std::min<std::size_t>(std::strlen(what), static_cast<std::size_t>(bytes) - 1);
    std::memcpy(text, what, length);
    text[length] = '\0';
}

template <typename Body>
int32_t guarded(char* text, int32_t text_bytes, Body body) noexcept {
    write_text(text, text_bytes, "");
    try {
        return body();
    } catch (failure const& e) {
        write_text(text, text_bytes, e.what());
        return e.code;
    } catch (std::bad_alloc const&) {
        write_text(text, text_bytes, "there is not enough memory");
        return EA_ERROR;
    } catch (std::exception const& e) {
        write_text(text, text_bytes, e.what());
        return EA_ERROR;
    } catch (...) {
        write_text(text, text_bytes, "libtorrent threw something that is no exception");
        return EA_ERROR;
    }
}

template <typename T>
T& given(T* pointer, char const* name) {
    if (pointer == nullptr) throw failure(EA_INVALID, std::string(name) + " is null");
    return *pointer;
}

#endif
