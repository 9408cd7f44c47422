using System.Text;
using System.Text.Json.Nodes;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class KeystoreFileTests
{
    private const string Password = "testpassword";
    private const string PrivateKey = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

    // The two examples of the format's definition.
    private const string ByPbkdf2 = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;
    private const string ByScrypt = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"r":1,"p":8,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    [Theory]
    [InlineData(ByPbkdf2)]
    [InlineData(ByScrypt)]
    public void The_examples_of_the_definition_are_opened(string file) =>
        Convert.ToHexStringLower(Open(file, Password)).ShouldBe(PrivateKey);

    [Fact]
    public void A_capital_in_crypto_and_0x_before_numbers_are_what_other_programs_write() =>
        Open(ByPbkdf2.Replace("\"crypto\"", "\"Crypto\"").Replace("\"mac\":\"", "\"mac\":\"0x"), Password).Length.ShouldBe(32);

    [Fact]
    public void What_is_written_is_opened_with_its_password_and_with_no_other()
    {
        byte[] key = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

        var file = KeystoreFile.Write(key, "a password with ümläuts");

        KeystoreFile.Open(file, "a password with ümläuts").ShouldBe(key);
        Should.Throw<FormatException>(() => KeystoreFile.Open(file, "another")).Message.ShouldContain("password");
        Encoding.ASCII.GetString(file).ShouldNotContain(Convert.ToHexStringLower(key));
    }

    [Fact]
    public void A_longer_secret_is_kept_too_and_taken_for_no_private_key()
    {
        byte[] secret = [.. Enumerable.Range(0, 1000).Select(number => (byte)number)];

        var file = KeystoreFile.Write(secret, Password);

        KeystoreFile.OpenAny(file, Password, secret.Length).ShouldBe(secret);
        Should.Throw<FormatException>(() => KeystoreFile.OpenAny(file, "another", secret.Length)).Message.ShouldContain("password");
        Should.Throw<FormatException>(() => KeystoreFile.Open(file, Password)).Message.ShouldContain("ciphertext has 32 bytes");
        var tooLong = new byte[KeystoreFile.MaxBytesFor(1) + 1];
        Should.Throw<FormatException>(() => KeystoreFile.OpenAny(tooLong, Password, 1)).Message.ShouldContain("at most");
    }

    [Theory]
    [InlineData("version", "4", "version 3")]
    [InlineData("crypto", "[]", "crypto")]
    [InlineData("crypto.cipher", "\"aes-256-ctr\"", "cipher is aes-128-ctr")]
    [InlineData("crypto.cipherparams", "null", "cipherparams")]
    [InlineData("crypto.cipherparams.iv", "\"00\"", "iv has 16 bytes")]
    [InlineData("crypto.ciphertext", "\"00\"", "ciphertext has 32 bytes")]
    [InlineData("crypto.mac", "\"zz\"", "mac")]
    [InlineData("crypto.kdf", "\"argon2\"", "kdf")]
    [InlineData("crypto.kdfparams.prf", "\"hmac-sha1\"", "prf hmac-sha256")]
    [InlineData("crypto.kdfparams.c", "10000001", "iterations")]
    [InlineData("crypto.kdfparams.c", "0", "iterations")]
    [InlineData("crypto.kdfparams.c", "1e999", "whole number")]
    [InlineData("crypto.kdfparams.dklen", "31", "dklen")]
    [InlineData("crypto.kdfparams.dklen", "9223372036854775807", "dklen")]
    [InlineData("crypto.kdfparams.salt", "7", "salt")]
    [InlineData("crypto.ciphertext", "\"0000000000000000000000000000000000000000000000000000000000000000\"", "password")]
    public void A_file_that_is_none_is_refused_with_the_field_that_is_wrong(string path, string value, string reason)
    {
        var file = JsonNode.Parse(ByPbkdf2)!;
        var names = path.Split('.');
        var parent = names[..^1].Aggregate(file, (node, name) => node[name]!);
        parent[names[^1]] = JsonNode.Parse(value);

        Should.Throw<FormatException>(() => Open(file.ToJsonString(), Password)).Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[3]")]
    [InlineData("{\"version\":3}")]
    [InlineData("0x" + PrivateKey)]
    public void What_is_no_file_is_refused_without_a_word_of_it(string file)
    {
        var fault = Should.Throw<FormatException>(() => Open(file, Password));

        fault.ToString().ShouldNotContain(PrivateKey[..8]);
        fault.ToString().ShouldNotContain(Password);
    }

    [Fact]
    public void Scrypt_parameters_of_a_stranger_s_choosing_are_bounded() =>
        Should
            .Throw<FormatException>(() => Open(ByScrypt.Replace("\"n\":262144,\"r\":1", "\"n\":1073741824,\"r\":8"), Password))
            .Message.ShouldContain("more than is allowed");

    private static byte[] Open(string file, string password) => KeystoreFile.Open(Encoding.UTF8.GetBytes(file), password);
}
